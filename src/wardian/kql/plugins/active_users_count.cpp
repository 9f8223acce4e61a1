#include "wardian/kql/operators/projection.h"
#include "wardian/kql/plugins/plugin_table.h"
#include "wardian/kql/plugins/timeline.h"

namespace wardian::kql {
namespace {

/// An appearance counts when the id was there in `_active` different periods of the window that ends with it; the window
/// begins just after the place one window before. The earliest appearance in a period sees the most of them.
constexpr char kBody[] = R"(
let periods = T
| where isnotnull(_id)
| summarize latest = max(_time) by _key, _id, _period
| sort by _key asc, _id asc, _period asc
| extend first = iff(_key == prev(_key, _active - 1) and _id == prev(_id, _active - 1), prev(latest, _active - 1), _none)
| project _key, _id, _period, first;
T
| where _time >= _start and isnotnull(_id)
| summarize earliest = min(_time) by _key, _id, _period, _bin
| join kind=inner (periods) on _key, _id, _period
| where _active == 1 or first > earliest - _window
| summarize by _key, _id, _bin
| summarize dcount = count() by _key, _bin)";

}  // namespace

OperatorResult bind_active_users_count(Binder& binder, const PluginCall& call) {
  const SourceSpan span = call.name().span;
  const PluginArguments& arguments = call.arguments;
  const ExprPtr start = arguments.at("Start").value;
  const ExprPtr window = arguments.at("LookbackWindow").value;
  const PluginArgument& least = arguments.at("ActivePeriodsCount");
  WARDIAN_ASSIGN(const Value count, binder.constant(cast(least.value, Type::int64), least.written->span));
  const auto* active = std::get_if<std::int64_t>(&count.held);
  if (active == nullptr || *active < 1 || *active > 1'000'000) {
    return error_at(ErrorCode::bad_argument, "ActivePeriodsCount is a number from 1 to 1000000", least.written->span);
  }
  WARDIAN_ASSIGN(Timeline timeline, Timeline::over(binder, call, arguments.at("Bin"), start));
  WARDIAN_ASSIGN(Timeline periods, Timeline::over(binder, call, arguments.at("Period"), start));
  WARDIAN_ASSIGN(ExprPtr from, binder.binary("-", start, window, span, span));
  WARDIAN_ASSIGN(NodePtr rows, timeline.rows(from, arguments.at("End").value));
  std::vector<plan::NamedExpr> columns = all_columns(*rows);
  const auto time = columnar::find_column(rows->schema, "_time");
  WARDIAN_ASSIGN(ExprPtr period, periods.step_of(input_column(rows->schema, *time)));
  columns.push_back({"_period", std::move(period)});
  NodePtr table = project(std::move(rows), std::move(columns));
  return timeline.answer(kBody, {{"T", std::move(table)},
                                 named_value("_start", start),
                                 named_value("_window", window),
                                 named_value("_none", constant_expr(columnar::null_of(timeline.time().type))),
                                 named_value("_active", *active)});
}

}  // namespace wardian::kql
