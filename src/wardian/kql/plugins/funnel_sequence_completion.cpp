#include "wardian/algorithm/funnel.h"

#include "wardian/kql/constant_json.h"
#include "wardian/kql/operators/projection.h"
#include "wardian/kql/plugins/funnel_rows.h"
#include "wardian/kql/plugins/plugin_table.h"

namespace wardian::kql {
namespace {

/// M has a row for each step that an id reaches in a bin, with the shortest time that it took.
constexpr char kBody[] = R"(
M
| summarize by _bin
| mv-expand period = _periods to typeof(long)
| mv-expand step = range(0, _steps - 1, 1) to typeof(long)
| join kind=leftouter (M | project _bin, step, elapsed) on _bin, step
| summarize dcount = countif(elapsed <= period) by _bin, period, step
| sort by _bin asc, period asc, step asc
| project _bin, state = tostring(_states[step]), Period = period * 1tick, dcount)";

}  // namespace

/// How many ids get as far as each state within each period, bin by bin.
OperatorResult bind_funnel_sequence_completion(Binder& binder, const PluginCall& call) {
  const SourceSpan span = call.name().span;
  const PluginArgument& given = call.arguments.at("MaxSequenceStepPeriods");
  const SourceSpan place = given.written->span;
  WARDIAN_ASSIGN(Timeline timeline, Timeline::over(binder, call, call.arguments.at("BinSize"), call.arguments.at("Start").value));
  WARDIAN_ASSIGN(std::vector<std::string> states, funnel_states(binder, call.arguments.at("Sequence")));
  const auto steps = static_cast<std::int64_t>(states.size());
  WARDIAN_ASSIGN(const Value list, binder.constant(given.value, place));
  const auto* json = std::get_if<std::string>(&list.held);
  const auto elements = json != nullptr ? array_elements(*json) : std::nullopt;
  if (!elements || elements->empty()) {
    return error_at(ErrorCode::bad_argument, "An array of periods is needed here", place, "dynamic([1h, 1d])");
  }
  std::string periods = "[";
  for (const Value& each : *elements) {
    WARDIAN_ASSIGN(const std::int64_t period, window_length(binder, constant_expr(each), timeline.time().type, place));
    periods += (periods.size() > 1 ? "," : "") + std::to_string(period);
  }
  periods += "]";
  WARDIAN_ASSIGN(NodePtr rows, funnel_rows(binder, call, timeline));
  const auto algorithm = std::make_shared<algorithm::FunnelCompletion>(rows->schema.front().type, std::move(states));
  const NodePtr reached =
      run_once(binder, plan::make_node(plan::AlgorithmCall{{std::move(rows)}, algorithm, span}, algorithm->schema()),
               "funnel_sequence_completion");
  WARDIAN_ASSIGN(NodePtr table, bind_body(binder, kBody,
                                          {{"M", reached},
                                           named_value("_periods", constant_expr(Value{Type::dynamic, periods})),
                                           named_value("_steps", steps),
                                           named_value("_states", call.arguments.at("Sequence").value)},
                                          span));
  std::vector<plan::NamedExpr> columns = all_columns(*table);
  columns[0].name = timeline.time().name;
  WARDIAN_ASSIGN(columns[0].expr, timeline.begin_of(columns[0].expr));
  columns[1].name = call.site.input->schema[call.arguments.at("StateColumn").column].name;
  return project(std::move(table), std::move(columns));
}

}  // namespace wardian::kql
