#include "wardian/kql/plugins/plugin_table.h"
#include "wardian/kql/plugins/sliding_window.h"

namespace wardian::kql {

OperatorResult bind_sliding_window_counts(Binder& binder, const PluginCall& call) {
  const ExprPtr start = call.arguments.at("Start").value;
  const ExprPtr end = call.arguments.at("End").value;
  const ExprPtr window = call.arguments.at("LookbackWindow").value;
  const SourceSpan span = call.name().span;
  WARDIAN_ASSIGN(Timeline timeline, Timeline::over(binder, call, call.arguments.at("Bin"), start));
  WARDIAN_ASSIGN(ExprPtr steps, timeline.steps_in(window));
  WARDIAN_ASSIGN(steps, timeline.bounded(std::move(steps), kStepsPerWindowMax));
  WARDIAN_ASSIGN(ExprPtr last, timeline.step_of(end));
  WARDIAN_ASSIGN(last, timeline.bounded(std::move(last), kWindowsMax));
  WARDIAN_ASSIGN(ExprPtr from, binder.binary("-", start, window, span, span));
  WARDIAN_ASSIGN(NodePtr rows, timeline.rows(from, end));
  const std::string body = std::string(kSlidingWindow) + "\n| project _key, _bin, Count = Rows, dcount = Ids";
  return timeline.answer(body, {{"T", std::move(rows)}, named_value("_window", steps), named_value("_last", last)});
}

}  // namespace wardian::kql
