#pragma once

#include "wardian/cli/answer/grid.h"

namespace wardian::cli {

/// The grid that make-series gives, with one row for each element of its arrays: a dynamic column whose values are all arrays (or null) of
/// numbers or of datetimes becomes real or datetime; the others repeat. A shorter array ends in nulls. Grids without such columns come
/// back as they are. Takes at most kGridRowsMax rows.
Grid series_rows(const Grid& grid);

}  // namespace wardian::cli
