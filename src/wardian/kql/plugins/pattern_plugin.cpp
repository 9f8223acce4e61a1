#include "wardian/kql/plugins/pattern_plugin.h"

#include <algorithm>
#include <cmath>

#include "wardian/kernels/number_text.h"
#include "wardian/kql/bind_functions.h"
#include "wardian/kql/operators/projection.h"

namespace wardian::kql {
namespace {

/// The value that stands for any value in columns of each type, as the query wants it.
Result<std::vector<Value>> custom_wildcards(Binder& binder, const PluginCall& call) {
  std::vector<Value> made;
  for (const PluginArgument* each : call.arguments.all("CustomWildcard")) {
    WARDIAN_ASSIGN(Value value, binder.constant(each->value, each->written->span));
    const auto* text = std::get_if<std::string>(&value.held);
    if (value.type == Type::string && text != nullptr && *text == "~") continue;
    made.push_back(std::move(value));
  }
  return made;
}

std::string shown(double number) {
  std::string text;
  kernels::append_real(text, number);
  return text;
}

}  // namespace

std::vector<std::size_t> pattern_columns(const columnar::Schema& schema, std::span<const std::size_t> left_out) {
  std::vector<std::size_t> made;
  for (std::size_t at = 0; at < schema.size(); ++at) {
    if (std::ranges::find(left_out, at) == left_out.end()) made.push_back(at);
  }
  return made;
}

std::vector<std::string> names_of(const columnar::Schema& schema, const std::vector<std::size_t>& columns) {
  std::vector<std::string> made;
  for (const std::size_t at : columns) made.push_back(schema[at].name);
  return made;
}

std::optional<std::size_t> weight_column(const PluginCall& call) {
  const PluginArgument* const given = call.arguments.find("WeightColumn");
  return given == nullptr ? std::nullopt : std::optional(given->column);
}

Result<ExprPtr> row_weight(Binder& binder, const PluginCall& call, const ExprPtr& counts) {
  const columnar::Schema& schema = call.site.input->schema;
  const SourceSpan span = call.name().span;
  ExprPtr weight = constant_expr(Value{Type::real, 1.0}, span);
  if (const PluginArgument* given = call.arguments.find("WeightColumn")) {
    if (!columnar::is_numeric(schema[given->column].type)) {
      return error_at(ErrorCode::type_mismatch, "A column of numbers is needed for WeightColumn", given->written->span);
    }
    weight = cast(input_column(schema, given->column), Type::real);
  }
  if (counts == nullptr) return weight;
  WARDIAN_ASSIGN(const ExprPtr holds, binder.built_in("coalesce", {counts, constant_expr(Value{Type::boolean, false})}, span));
  return either(holds, std::move(weight), constant_expr(Value{Type::real, 0.0}, span), span);
}

OperatorResult patterns_found(Binder& binder, const PluginCall& call, std::shared_ptr<const algorithm::PatternMining> algorithm,
                              const std::vector<std::size_t>& columns, ExprPtr weight_a, ExprPtr weight_b,
                              std::optional<std::size_t> hidden) {
  const SourceSpan span = call.name().span;
  const columnar::Schema& schema = call.site.input->schema;
  WARDIAN_ASSIGN(const std::vector<Value> wildcards, custom_wildcards(binder, call));
  std::vector<plan::NamedExpr> cells{{"#a", std::move(weight_a)}, {"#b", std::move(weight_b)}};
  for (const std::size_t at : columns) cells.push_back({schema[at].name, to_dynamic(input_column(schema, at))});
  NodePtr rows = project(call.site.input, std::move(cells));
  const columnar::Schema found = algorithm->schema();
  NodePtr made = plan::make_node(plan::AlgorithmCall{{std::move(rows)}, algorithm, span}, found, true);

  const std::size_t measures = 1 + algorithm->measures().size();
  std::vector<plan::NamedExpr> result;
  for (std::size_t at = 0; at < measures; ++at) result.push_back({found[at].name, input_column(found, at)});
  for (std::size_t at = 0; at < schema.size(); ++at) {
    if (hidden == at) continue;
    const Type type = schema[at].type;
    const auto custom = std::ranges::find(wildcards, type, &Value::type);
    const ExprPtr any = constant_expr(custom != wildcards.end() ? *custom : columnar::null_of(type), span);
    const auto place = std::ranges::find(columns, at);
    if (place == columns.end()) {
      result.push_back({schema[at].name, any});
      continue;
    }
    const auto index = measures + static_cast<std::size_t>(place - columns.begin());
    ExprPtr value = cast(input_column(found, index), type);
    result.push_back({schema[at].name, either(input_column(found, index + columns.size()), std::move(value), any, span)});
  }
  return project(std::move(made), std::move(result));
}

OperatorResult patterns_of_all(Binder& binder, const PluginCall& call, const MakeMining& made_of) {
  WARDIAN_ASSIGN(ExprPtr weight, row_weight(binder, call, nullptr));
  const auto weighed = weight_column(call);
  const columnar::Schema& schema = call.site.input->schema;
  const std::vector<std::size_t> columns =
      pattern_columns(schema, weighed ? std::span<const std::size_t>(&*weighed, 1) : std::span<const std::size_t>());
  return patterns_found(binder, call, made_of(names_of(schema, columns)), columns, std::move(weight),
                        constant_expr(Value{Type::real, 0.0}), std::nullopt);
}

Result<double> number_between(Binder& binder, const PluginCall& call, std::string_view parameter, double least, double most,
                              double otherwise) {
  const PluginArgument* const given = call.arguments.find(parameter);
  if (given == nullptr) return otherwise;
  WARDIAN_ASSIGN(const Value value, binder.constant(cast(given->value, Type::real), given->written->span));
  const auto* number = std::get_if<double>(&value.held);
  if (number == nullptr || !(*number >= least && *number <= most)) {
    return error_at(ErrorCode::bad_argument, std::string(parameter) + " is a number from " + shown(least) + " to " + shown(most),
                    given->written->span);
  }
  return *number;
}

}  // namespace wardian::kql
