#include "wardian/kql/overload_index.h"

namespace wardian::kql {
namespace {

std::string expected_count(std::span<const Signature* const> signatures) {
  std::size_t least = SIZE_MAX;
  std::optional<std::size_t> most = 0;
  for (const Signature* signature : signatures) {
    least = std::min(least, signature->least_arguments());
    const auto own = signature->most_arguments();
    most = most && own ? std::optional(std::max(*most, *own)) : std::nullopt;
  }
  const auto arguments = [](std::size_t count) { return std::to_string(count) + (count == 1 ? " argument" : " arguments"); };
  if (!most) return "at least " + arguments(least);
  if (least == *most) return arguments(least);
  return std::to_string(least) + " to " + arguments(*most);
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
                             std::span<const Signature* const> signatures, std::vector<ExprPtr> arguments) {
  std::vector<Type> types;
  for (const ExprPtr& argument : arguments) types.push_back(argument->type);
  auto chosen = choose_overload(signatures, types);
  if (const auto* why = std::get_if<NoOverload>(&chosen)) {
    if (why->wrong_count) return wrong_count(name, expected_count(signatures), arguments.size(), name_span);
    return error_at(ErrorCode::type_mismatch,
                    std::string(name) + "(): " + describe(why->expected) + " is needed here, not " +
                        std::string(columnar::type_name(types[why->argument])),
                    arguments[why->argument]->span);
  }
  const Overload& overload = std::get<Overload>(chosen);
  const Signature& signature = *signatures[overload.row];
  ChosenRow made{overload.row, overload.result, {}};
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    const SourceSpan span = arguments[at]->span;
    ExprPtr converted = cast(std::move(arguments[at]), overload.arguments[at]);
    if (signature.at(at).constant && !std::holds_alternative<plan::Constant>(converted->node)) {
      WARDIAN_ASSIGN(Value value, binder.constant(converted, span));
      converted = constant_expr(std::move(value), span);
    }
    made.arguments.push_back(std::move(converted));
  }
  for (std::size_t at = arguments.size(); at < signature.parameters.size(); ++at) {
    const Parameter& parameter = signature.parameters[at];
    if (parameter.default_value) made.arguments.push_back(constant_expr(*parameter.default_value, name_span));
  }
  WARDIAN_TRY(check_rules(signature, made.arguments));
  return made;
}

}  // namespace wardian::kql
