#include "wardian/kql/operators/projection.h"
#include "wardian/kql/plugins/plugin_table.h"
#include "wardian/kql/plugins/timeline.h"

namespace wardian::kql {
namespace {

/// A cohort is the ids first seen in a step; `met` counts those of them that are seen in a later step. New at `_to` are the
/// ids whose cohort is later than `_from`, which adding up from the latest cohort gives.
constexpr char kBody[] = R"(
let seen = T | where isnotnull(_id) and _id !in (known) | summarize by _key, _id, _bin;
let cohorts = seen | summarize _from = min(_bin) by _key, _id;
let met = seen | join kind=inner (cohorts) on _key, _id | summarize met = count() by _key, _from, _to = _bin;
let sizes = cohorts | summarize size = count() by _key, _from;
T
| summarize by _key
| mv-expand _from = range(0, _last, 1) to typeof(long)
| mv-expand _to = range(_from, _last, 1) to typeof(long)
| join kind=leftouter (met) on _key, _from, _to
| join kind=leftouter (sizes) on _key, _from
| project _key, _from, _to, met = coalesce(met, 0), size = coalesce(size, 0)
| sort by _key asc, _to asc, _from desc
| extend later = row_cumsum(met, _key != prev(_key) or _to != prev(_to))
| where isnull(_cohort) or _from == _cohort
| project _key, _from, _to,
    dcount_new_values = iff(_from == _to, met, later - met),
    dcount_retained_values = met,
    dcount_churn_values = size - met,
    retention_rate = todouble(met) / size,
    churn_rate = todouble(size - met) / size)";

/// Each step is compared with each later one.
constexpr std::int64_t kStepsMax = 10'000;

/// The ids of the look-back table: its column of the id's name, or its only one.
Result<NodePtr> known_ids(const PluginCall& call) {
  const columnar::Column& id = call.site.input->schema[call.arguments.at("IdColumn").column];
  const PluginArgument* const given = call.arguments.find("Lookback");
  if (given == nullptr) return plan::make_node(plan::Rows{}, {{id.name, id.type}});
  const columnar::Schema& schema = given->table->schema;
  auto at = columnar::find_column(schema, id.name);
  if (!at && schema.size() == 1) at = 0;
  if (!at) return error_at(ErrorCode::bad_argument, "The look-back table has no column " + id.name, given->written->span);
  if (schema[*at].type != id.type) {
    return error_at(ErrorCode::type_mismatch, "The ids of the look-back table are of another type", given->written->span);
  }
  return project(given->table, {{id.name, input_column(schema, *at)}});
}

}  // namespace

OperatorResult bind_new_activity_metrics(Binder& binder, const PluginCall& call) {
  const ExprPtr start = call.arguments.at("Start").value;
  const ExprPtr end = call.arguments.at("End").value;
  WARDIAN_ASSIGN(Timeline timeline, Timeline::over(binder, call, call.arguments.at("Window"), start));
  WARDIAN_ASSIGN(ExprPtr last, timeline.step_of(end));
  WARDIAN_ASSIGN(last, timeline.bounded(std::move(last), kStepsMax));
  ExprPtr cohort = constant_expr(columnar::null_of(Type::int64));
  if (const PluginArgument* given = call.arguments.find("Cohort")) {
    WARDIAN_ASSIGN(cohort, timeline.step_of(given->value));
  }
  WARDIAN_ASSIGN(NodePtr known, known_ids(call));
  WARDIAN_ASSIGN(NodePtr rows, timeline.rows(start, end));
  return timeline.answer(
      kBody, {{"T", std::move(rows)}, {"known", std::move(known)}, named_value("_last", last), named_value("_cohort", cohort)});
}

}  // namespace wardian::kql
