#include "wardian/kql/overload_index.h"

#include <algorithm>

#include "wardian/kql/dynamic_shape.h"

namespace wardian::kql {
namespace {

/// "1 argument", "1 or 3 to 4 arguments", "at least 2 arguments": the numbers that some row takes.
std::string expected_count(std::span<const Signature* const> signatures) {
  const std::vector<Parameter>& first = signatures.front()->parameters;
  if (!first.empty() && first.back().pairs) return "an even number of arguments";
  std::vector<std::pair<std::size_t, std::size_t>> ranges;
  for (const Signature* signature : signatures) {
    ranges.emplace_back(signature->least_arguments(), signature->most_arguments().value_or(SIZE_MAX));
  }
  std::ranges::sort(ranges);
  std::vector<std::pair<std::size_t, std::size_t>> apart;
  for (const auto& range : ranges) {
    if (!apart.empty() && (apart.back().second == SIZE_MAX || range.first <= apart.back().second + 1)) {
      apart.back().second = std::max(apart.back().second, range.second);
    } else {
      apart.push_back(range);
    }
  }
  std::string made;
  for (std::size_t at = 0; at < apart.size(); ++at) {
    const auto [least, most] = apart[at];
    if (at > 0) made += at + 1 == apart.size() ? " or " : ", ";
    if (most == SIZE_MAX) made += "at least ";
    made += std::to_string(least);
    if (most != SIZE_MAX && most != least) made += " to " + std::to_string(most);
  }
  const bool one = apart.size() == 1 && apart[0].first == 1 && (apart[0].second == 1 || apart[0].second == SIZE_MAX);
  return made + (one ? " argument" : " arguments");
}

}  // namespace

Status check_rules(const Signature& signature, std::span<const ExprPtr> arguments) {
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    const ArgumentRule* rule = signature.at(at).rule;
    const auto* constant = std::get_if<plan::Constant>(&arguments[at]->node);
    if (rule == nullptr || constant == nullptr) continue;
    if (auto refused = rule->check(constant->value, arguments)) {
      return error_at(ErrorCode::bad_argument, std::move(refused->message), arguments[at]->span, std::move(refused->hint));
    }
  }
  return {};
}

Result<ChosenRow> choose_row(Binder& binder, std::string_view name, SourceSpan name_span,
                             std::span<const Signature* const> signatures, std::vector<ExprPtr> arguments, DynamicAs dynamic) {
  std::vector<Type> types;
  for (const ExprPtr& argument : arguments) types.push_back(argument->type);
  if (std::ranges::any_of(types, is_missing)) return told();
  auto chosen = choose_overload(signatures, types, dynamic);
  if (const auto* why = std::get_if<NoOverload>(&chosen)) {
    if (why->wrong_count) return wrong_count(name, expected_count(signatures), arguments.size(), name_span);
    const TypePattern& wanted = why->expected.front();
    const bool of_time =
        wanted.kind == TypePattern::Kind::exact && (wanted.exact == Type::datetime || wanted.exact == Type::timespan);
    const std::string hint = why->expected.size() == 1 && of_time ? conversion_hint(wanted.exact) : std::string();
    return error_at(ErrorCode::type_mismatch,
                    std::string(name) + "(): " + describe(why->expected) + " is needed here, not " +
                        std::string(columnar::type_name(types[why->argument])),
                    why->of_whole_call() ? name_span : arguments[why->argument]->span, hint);
  }
  const Overload& overload = std::get<Overload>(chosen);
  const Signature& signature = *signatures[overload.row];
  ChosenRow made{overload.row, overload.result, {}};
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    const SourceSpan span = arguments[at]->span;
    const Parameter& parameter = signature.at(at);
    if (is_results(*arguments[at]) && parameter.type.kind != TypePattern::Kind::any) {
      return one_result_expected(span);
    }
    // What a dynamic value is, this one says itself.
    const auto* written = std::get_if<plan::Constant>(&arguments[at]->node);
    if (written != nullptr && types[at] == Type::dynamic && overload.arguments[at] == Type::string && !written->value.is_null()) {
      return error_at(ErrorCode::type_mismatch, std::string(name) + "(): string is needed here, not dynamic", span);
    }
    if (parameter.column && !std::holds_alternative<plan::ColumnRef>(arguments[at]->node)) {
      return error_at(ErrorCode::wrong_context, "The name of a column is needed here", span);
    }
    if (parameter.literal && !std::holds_alternative<plan::Constant>(arguments[at]->node)) {
      return error_at(ErrorCode::not_constant, "A literal is needed here", span, "Write the value itself");
    }
    ExprPtr converted = cast(std::move(arguments[at]), overload.arguments[at]);
    if (parameter.constant && !std::holds_alternative<plan::Constant>(converted->node)) {
      WARDIAN_ASSIGN(Value value, binder.constant(converted, span));
      converted = constant_expr(std::move(value), span);
    }
    made.arguments.push_back(std::move(converted));
  }
  for (std::size_t at = arguments.size(); at < signature.parameters.size(); ++at) {
    const Parameter& parameter = signature.parameters[at];
    if (parameter.default_value) made.arguments.push_back(constant_expr(*parameter.default_value, name_span));
  }
  WARDIAN_TRY(check_dynamic_shapes(name, name_span, made.arguments));
  WARDIAN_TRY(check_rules(signature, made.arguments));
  return made;
}

}  // namespace wardian::kql
