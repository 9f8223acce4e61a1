#pragma once

#include "wardian/kql/plugins/timeline.h"

namespace wardian::kql {

inline constexpr std::int64_t kWindowsMax = 100'000'000, kStepsPerWindowMax = 1'000'000;

/// Rows and distinct ids of the `window` steps that end with each step, for the plugins that look back. Names in the body:
/// T, _window (in steps), _last (the last step). Columns: _key, _bin, Rows, Ids, Here (the ids of the step itself), of the
/// steps from 0 to _last that see a row.
///
/// An id at step b is seen by the windows from b on, until it comes again or the window has passed: +1 there, -1 here. So the
/// work grows with the rows and the steps, not with their product.
inline constexpr std::string_view kSlidingWindow = R"(
let seen = T | summarize n = count() by _key, _id, _bin;
let stays = seen
| where isnotnull(_id)
| sort by _key asc, _id asc, _bin asc
| project _key, _bin, until = iff(_key == next(_key) and _id == next(_id) and next(_bin) < _bin + _window, next(_bin), _bin + _window);
let changes = union
    (seen | summarize rows = sum(n), here = countif(isnotnull(_id)) by _key, _bin | extend ids = long(0)),
    (seen | summarize rows = -sum(n) by _key, _bin = _bin + _window | extend here = long(0), ids = long(0)),
    (stays | summarize ids = count() by _key, _bin | extend rows = long(0), here = long(0)),
    (stays | summarize ids = -count() by _key, _bin = until | extend rows = long(0), here = long(0));
changes
| summarize rows = sum(rows), ids = sum(ids), Here = sum(here) by _key, _bin
| sort by _key asc, _bin asc
| extend Rows = row_cumsum(rows, _key != prev(_key)), Ids = row_cumsum(ids, _key != prev(_key))
| extend first_step = max_of(_bin, long(0)), last_step = min_of(iff(_key == next(_key) and isnotnull(next(_bin)), next(_bin) - 1, _bin), _last)
| where Rows > 0 and first_step <= last_step
| mv-expand step = range(first_step, last_step, 1) to typeof(long)
| project _key, _bin = step, Rows, Ids, Here = iff(step == _bin, Here, long(0)))";

}  // namespace wardian::kql
