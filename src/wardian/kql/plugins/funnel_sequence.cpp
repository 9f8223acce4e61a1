#include "wardian/algorithm/funnel.h"

#include "wardian/kql/operators/projection.h"
#include "wardian/kql/plugins/funnel_rows.h"
#include "wardian/kql/plugins/plugin_table.h"

namespace wardian::kql {
namespace {

/// What each result is grouped by, beside the step.
struct Group {
  std::string_view columns, order;
};
constexpr Group kGroups[] = {{"prev, next", "prev asc, next asc"}, {"prev", "prev asc"}, {"next", "next asc"}};

std::string body_of(const Group& group) {
  const std::string by = "_bin, " + std::string(group.columns);
  return "M | summarize by " + by + ", _id | summarize dcount = count(), samples = array_sort_asc(make_set(_id, 128)) by " + by +
         " | sort by _bin asc, dcount desc, " + std::string(group.order);
}

}  // namespace

/// Three results: the states around the sequence, those before it, those behind it; with the ids that went there.
OperatorResult bind_funnel_sequence(Binder& binder, const PluginCall& call) {
  const SourceSpan span = call.name().span;
  WARDIAN_ASSIGN(Timeline timeline, Timeline::over(binder, call, call.arguments.at("Step"), call.arguments.at("Start").value));
  WARDIAN_ASSIGN(std::vector<std::string> states, funnel_states(binder, call.arguments.at("Sequence")));
  WARDIAN_ASSIGN(const std::int64_t step_max,
                 window_length(binder, call.arguments.at("MaxSequenceStepWindow").value, timeline.time().type,
                               call.arguments.at("MaxSequenceStepWindow").written->span));
  WARDIAN_ASSIGN(NodePtr rows, funnel_rows(binder, call, timeline));
  const auto algorithm = std::make_shared<algorithm::FunnelSequence>(rows->schema.front().type, std::move(states), step_max);
  const NodePtr matches = run_once(
      binder, plan::make_node(plan::AlgorithmCall{{std::move(rows)}, algorithm, span}, algorithm->schema()), "funnel_sequence");

  NodePtr first;
  const Type state = call.site.input->schema[call.arguments.at("StateColumn").column].type;
  for (const Group& group : kGroups) {
    WARDIAN_ASSIGN(NodePtr table, bind_body(binder, body_of(group), {{"M", matches}}, span));
    std::vector<plan::NamedExpr> columns = all_columns(*table);
    columns.front().name = timeline.time().name;
    WARDIAN_ASSIGN(columns.front().expr, timeline.begin_of(columns.front().expr));
    for (plan::NamedExpr& column : columns) {
      if (column.name == "prev" || column.name == "next") column.expr = cast(column.expr, state);
    }
    table = project(std::move(table), std::move(columns));
    if (first == nullptr) {
      first = std::move(table);
    } else {
      binder.extra_results.push_back({std::move(table), "", std::nullopt});
    }
  }
  return first;
}

}  // namespace wardian::kql
