#include "wardian/algorithm/sequence_detect.h"

#include "wardian/kql/bind_name.h"
#include "wardian/kql/operators/projection.h"
#include "wardian/kql/plugins/plugin_table.h"
#include "wardian/kql/plugins/timeline.h"

namespace wardian::kql {
/// Each way in which rows of equal dimensions follow each other as the expressions say.
OperatorResult bind_sequence_detect(Binder& binder, const PluginCall& call) {
  const SourceSpan span = call.name().span;
  const NodePtr& input = call.site.input;
  const PluginArgument& axis = call.arguments.at("TimelineColumn");
  const columnar::Column& timeline = input->schema[axis.column];
  if (timeline.type == Type::real || timeline.type == Type::decimal) {
    return error_at(ErrorCode::type_mismatch, "A datetime, timespan or whole number is needed for TimelineColumn",
                    axis.written->span);
  }
  WARDIAN_ASSIGN(const std::int64_t step_max,
                 window_length(binder, call.arguments.at("MaxSequenceStepWindow").value, timeline.type,
                               call.arguments.at("MaxSequenceStepWindow").written->span));
  WARDIAN_ASSIGN(const std::int64_t span_max, window_length(binder, call.arguments.at("MaxSequenceSpan").value, timeline.type,
                                                            call.arguments.at("MaxSequenceSpan").written->span));
  std::vector<std::size_t> dimensions;
  for (const PluginArgument* each : call.arguments.all("Dimension")) dimensions.push_back(each->column);

  WARDIAN_ASSIGN(ExprPtr key, dimension_key(binder, input->schema, dimensions, span));
  ExprPtr time = input_column(input->schema, axis.column);
  if (timeline.type == Type::int32) time = cast(std::move(time), Type::int64);
  std::vector<plan::NamedExpr> columns{{"_key", std::move(key)}, {"_time", std::move(time)}};
  std::vector<std::string> names;
  ColumnNames free;
  for (const PluginArgument* step : call.arguments.all("Expr")) {
    const std::string own = step->named != nullptr ? step->named->names.front().text : derived_name(*step->written).value_or("");
    names.push_back(free.free_name(own + "_" + timeline.name));
    columns.push_back({"_step" + std::to_string(names.size()), step->value});
  }
  for (const std::size_t each : dimensions) columns.push_back({input->schema[each].name, input_column(input->schema, each)});
  NodePtr rows = project(input, std::move(columns));
  const columnar::Schema schema = rows->schema;

  // At one time the rows of earlier steps come first, so that later ones can follow them.
  plan::Sort sort;
  for (std::size_t at = 0; at < 2 + names.size(); ++at) sort.keys.push_back({input_column(schema, at), at >= 2, false});
  sort.input = std::move(rows);
  NodePtr sorted = plan::make_node(std::move(sort), schema, true);
  const auto algorithm = std::make_shared<algorithm::SequenceDetect>(schema, names.size(), step_max, span_max);
  columnar::Schema found = algorithm->schema(names);
  NodePtr made = plan::make_node(plan::AlgorithmCall{{std::move(sorted)}, algorithm, span}, found, true);

  plan::Sort by_time;
  std::vector<plan::NamedExpr> shown = all_columns(*made);
  for (std::size_t at = dimensions.size(); at + 1 < found.size(); ++at) {
    by_time.keys.push_back({input_column(found, at), false, true});
    shown[at].expr = cast(shown[at].expr, timeline.type);
  }
  for (std::size_t at = 0; at < dimensions.size(); ++at) by_time.keys.push_back({input_column(found, at), false, true});
  by_time.input = std::move(made);
  return project(plan::make_node(std::move(by_time), std::move(found), true), std::move(shown));
}

}  // namespace wardian::kql
