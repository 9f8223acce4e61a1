#include "wardian/kql/operators/projection.h"
#include "wardian/kql/plugins/plugin_table.h"
#include "wardian/kql/plugins/sliding_window.h"

namespace wardian::kql {

/// Each inner window with the outer one that ends with it; an outer one of less than two inner ones is the inner one itself.
OperatorResult bind_activity_engagement(Binder& binder, const PluginCall& call) {
  const SourceSpan span = call.name().span;
  const ExprPtr outer = call.arguments.at("OuterActivityWindow").value;
  const PluginArgument& inner = call.arguments.at("InnerActivityWindow");
  ExprPtr start, end;
  if (const PluginArgument* given = call.arguments.find("Start")) {
    start = given->value;
    end = call.arguments.at("End").value;
  } else {
    WARDIAN_TRY(check_step(call.site.input->schema[call.arguments.at("TimelineColumn").column].type, inner));
    WARDIAN_ASSIGN(start, extreme_place(binder, call, "min"));
    WARDIAN_ASSIGN(start, binder.built_in("bin", {std::move(start), inner.value}, span));
    WARDIAN_ASSIGN(end, extreme_place(binder, call, "max"));
  }
  WARDIAN_ASSIGN(Timeline timeline, Timeline::over(binder, call, inner, start));
  WARDIAN_ASSIGN(ExprPtr steps, timeline.steps_in(outer));
  WARDIAN_ASSIGN(steps, timeline.bounded(std::move(steps), kStepsPerWindowMax));
  WARDIAN_ASSIGN(steps, binder.built_in("max_of", {std::move(steps), constant_expr(Value{Type::int64, std::int64_t{1}})}, span));
  WARDIAN_ASSIGN(ExprPtr last, timeline.step_of(end));
  WARDIAN_ASSIGN(last, timeline.bounded(std::move(last), kWindowsMax));
  WARDIAN_ASSIGN(ExprPtr from, binder.binary("-", start, outer, span, span));
  WARDIAN_ASSIGN(NodePtr rows, timeline.rows(from, end));
  const std::string body =
      std::string(kSlidingWindow) +
      "\n| where Ids > 0\n| project _key, _bin, dcount_activities_inner = Here, dcount_activities_outer = Ids, "
      "activity_ratio = todouble(Here) / Ids";
  return timeline.answer(body, {{"T", std::move(rows)}, named_value("_window", steps), named_value("_last", last)});
}

}  // namespace wardian::kql
