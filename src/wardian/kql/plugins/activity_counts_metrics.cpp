#include "wardian/kql/plugins/plugin_table.h"
#include "wardian/kql/plugins/timeline.h"

namespace wardian::kql {
namespace {

/// An id is new in the first step that it is seen in; those seen so far are the new ones added up.
constexpr char kBody[] = R"(
let seen = T | summarize n = count() by _key, _id, _bin;
let fresh = seen | where isnotnull(_id) | summarize _bin = min(_bin) by _key, _id | summarize news = count() by _key, _bin;
union (seen | summarize rows = sum(n), ids = countif(isnotnull(_id)) by _key, _bin | extend news = long(0)),
      (fresh | project _key, _bin, rows = long(0), ids = long(0), news)
| summarize ['count'] = sum(rows), dcount = sum(ids), new_dcount = sum(news) by _key, _bin
| sort by _key asc, _bin asc
| extend aggregated_dcount = row_cumsum(new_dcount, _key != prev(_key)))";

}  // namespace

OperatorResult bind_activity_counts_metrics(Binder& binder, const PluginCall& call) {
  const ExprPtr start = call.arguments.at("Start").value;
  WARDIAN_ASSIGN(Timeline timeline, Timeline::over(binder, call, call.arguments.at("Step"), start));
  WARDIAN_ASSIGN(NodePtr rows, timeline.rows(start, call.arguments.at("End").value));
  return timeline.answer(kBody, {{"T", std::move(rows)}});
}

}  // namespace wardian::kql
