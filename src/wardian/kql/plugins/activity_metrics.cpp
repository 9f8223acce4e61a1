#include "wardian/kql/operators/projection.h"
#include "wardian/kql/plugins/plugin_table.h"
#include "wardian/kql/plugins/timeline.h"

namespace wardian::kql {
namespace {

/// An id is kept that was there in the step before; both rates are NaN after a step without ids.
constexpr char kBody[] = R"(
T
| where isnotnull(_id)
| summarize by _key, _id, _bin
| sort by _key asc, _id asc, _bin asc
| extend kept = _key == prev(_key) and _id == prev(_id) and _bin == prev(_bin) + 1
| summarize dcount_values = count(), kept = countif(kept) by _key, _bin
| sort by _key asc, _bin asc
| extend before = iff(_key == prev(_key) and _bin == prev(_bin) + 1, prev(dcount_values), long(0))
| project _key, _bin, dcount_values, dcount_newvalues = dcount_values - kept,
    retention_rate = todouble(kept) / before, churn_rate = todouble(before - kept) / before)";

}  // namespace

OperatorResult bind_activity_metrics(Binder& binder, const PluginCall& call) {
  const PluginArgument* const first = call.arguments.find("Start");
  const PluginArgument* const last = call.arguments.find("End");
  ExprPtr start = first != nullptr ? first->value : nullptr;
  ExprPtr end = last != nullptr ? last->value : nullptr;
  if (start == nullptr) {
    WARDIAN_ASSIGN(start, extreme_place(binder, call, "min"));
  }
  if (end == nullptr) {
    WARDIAN_ASSIGN(end, extreme_place(binder, call, "max"));
  }
  WARDIAN_ASSIGN(Timeline timeline, Timeline::over(binder, call, call.arguments.at("Step"), start));
  WARDIAN_ASSIGN(NodePtr rows, timeline.rows(start, end));
  return timeline.answer(kBody, {{"T", std::move(rows)}});
}

}  // namespace wardian::kql
