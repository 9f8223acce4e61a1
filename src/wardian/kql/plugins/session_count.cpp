#include "wardian/kql/plugins/plugin_table.h"
#include "wardian/kql/plugins/timeline.h"

namespace wardian::kql {
namespace {

/// A session begins where its id was not there within the window before. Places are those of bin(), and the start itself is
/// outside: the chart on the plugin's page of the reference has 57 sessions in its first bin and 18 in the second.
constexpr char kBody[] = R"(
T
| where isnotnull(_id)
| sort by _key asc, _id asc, _time asc
| extend known = _key == prev(_key) and _id == prev(_id) and _time - prev(_time) <= _window
| where _time > _start and not(coalesce(known, false))
| summarize count_sessions = count() by _key, _bin)";

}  // namespace

OperatorResult bind_session_count(Binder& binder, const PluginCall& call) {
  const SourceSpan span = call.name().span;
  const ExprPtr start = call.arguments.at("Start").value;
  const ExprPtr window = call.arguments.at("LookBackWindow").value;
  const Type type = call.site.input->schema[call.arguments.at("TimelineColumn").column].type;
  ExprPtr zero = type == Type::datetime ? constant_expr(Value{type, std::int64_t{0}})
                                        : cast(constant_expr(Value{Type::int64, std::int64_t{0}}), type);
  if (type == Type::timespan) zero = constant_expr(Value{type, std::int64_t{0}});
  WARDIAN_ASSIGN(Timeline timeline, Timeline::over(binder, call, call.arguments.at("Bin"), std::move(zero)));
  WARDIAN_ASSIGN(ExprPtr from, binder.binary("-", start, window, span, span));
  WARDIAN_ASSIGN(NodePtr rows, timeline.rows(from, call.arguments.at("End").value));
  return timeline.answer(kBody, {{"T", std::move(rows)}, named_value("_start", start), named_value("_window", window)});
}

}  // namespace wardian::kql
