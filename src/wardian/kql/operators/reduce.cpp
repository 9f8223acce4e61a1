#include "wardian/algorithm/reduce_algorithm.h"
#include "wardian/kql/operators/group_pipe.h"

namespace wardian::kql {
namespace {

Result<algorithm::ReduceSettings> settings_of(Binder& binder, const syntax::ReduceOperator& node, const OperatorSite& site) {
  algorithm::ReduceSettings settings;
  for (const syntax::Parameter& property : node.properties) {
    const SourceSpan place = property.value.span;
    WARDIAN_ASSIGN(const Value value, binder.constant(property.value, site.env.without_rows()));
    if (property.name.text == "threshold") {
      if (const auto* real = std::get_if<double>(&value.held)) settings.threshold = *real;
      const auto* whole = std::get_if<std::int64_t>(&value.held);
      if (whole != nullptr && columnar::is_integer(value.type)) settings.threshold = static_cast<double>(*whole);
      if (!columnar::is_numeric(value.type) || !(settings.threshold >= 0 && settings.threshold <= 1)) {
        return error_at(ErrorCode::bad_argument, "The threshold is a number from 0 to 1", place);
      }
    } else if (property.name.text == "characters") {
      const auto* text = std::get_if<std::string>(&value.held);
      if (text == nullptr || value.type != Type::string)
        return error_at(ErrorCode::type_mismatch, "A string is needed here", place);
      settings.separators = *text;
    } else {
      return error_at(ErrorCode::bad_argument, "reduce has no such property: " + property.name.text, property.name.span,
                      "threshold or characters");
    }
  }
  return settings;
}

}  // namespace

/// Different texts with their counts go to the algorithm; what comes back is one row a text, grouped by pattern, or joined with the
/// rows again for kind=source.
OperatorResult bind_operator(Binder& binder, const syntax::ReduceOperator& node, const OperatorSite& site) {
  bool source = false;
  if (const syntax::Parameter* kind = syntax::find_parameter(node.parameters, "kind")) {
    const auto* word = std::get_if<syntax::Name>(&kind->value.node);
    source = word != nullptr && word->text == "source";
    if (!source) return error_at(ErrorCode::bad_argument, "Unknown kind of reduce", kind->value.span, "source");
  }
  WARDIAN_ASSIGN(algorithm::ReduceSettings settings, settings_of(binder, node, site));
  WARDIAN_ASSIGN(ExprPtr text, binder.scalar(*node.by, site.rows()));
  if (text->type != Type::string) return error_at(ErrorCode::type_mismatch, "A string is needed here", node.by->span);

  std::vector<plan::NamedExpr> columns = all_columns(*site.input);
  columns.push_back({"#text", std::move(text)});
  NodePtr rows = project(site.input, std::move(columns));
  if (source) rows = stand_in(binder, rows, "reduce");
  const std::size_t width = site.input->schema.size();
  syntax::Call count;
  count.function = {"count", site.keyword, false};
  count.span = site.keyword;
  WARDIAN_ASSIGN(ExprPtr counted, binder.aggregate(count, {}));
  plan::Aggregate aggregate{rows, {{"text", input_column(rows->schema, width)}}, {{"rows", std::move(counted)}}};
  NodePtr texts = plan::make_node(std::move(aggregate), {{"text", Type::string}, {"rows", Type::int64}});
  plan::AlgorithmCall call{
      {std::move(texts)}, std::make_shared<const algorithm::ReduceAlgorithm>(std::move(settings)), site.keyword};
  NodePtr found = plan::make_node(
      std::move(call),
      {{"text", Type::string}, {"Pattern", Type::string}, {"Count", Type::int64}, {"Representative", Type::string}});

  std::vector<plan::NamedExpr> shown;
  if (source) {
    plan::Join join{rows, found, plan::JoinKind::inner, {}, {}, nullptr};
    join.keys.emplace_back(input_column(rows->schema, width), plan::make_expr(plan::ColumnRef{1, 0}, Type::string));
    columnar::Schema schema = rows->schema;
    schema.insert(schema.end(), found->schema.begin(), found->schema.end());
    NodePtr joined = plan::make_node(std::move(join), std::move(schema));
    for (std::size_t at = 0; at < joined->schema.size(); ++at) {
      if (at != width && at != width + 1) shown.push_back({joined->schema[at].name, input_column(joined->schema, at)});
    }
    return project(std::move(joined), std::move(shown));
  }
  for (std::size_t at = 1; at < found->schema.size(); ++at)
    shown.push_back({found->schema[at].name, input_column(found->schema, at)});
  NodePtr patterns = project(std::move(found), std::move(shown));
  columnar::Schema schema = patterns->schema;
  NodePtr distinct = plan::make_node(plan::Distinct{std::move(patterns)}, schema);
  return plan::make_node(
      plan::Sort{std::move(distinct), {{input_column(schema, 1), true, false}, {input_column(schema, 0), false, true}}}, schema,
      true);
}

}  // namespace wardian::kql
