#include <algorithm>
#include <array>

#include "wardian/base/similar_name.h"
#include "wardian/kql/binder.h"
#include "wardian/kql/operator_table.h"
#include "wardian/kql/overload_index.h"

namespace wardian::kql {
namespace {

const OverloadIndex<KqlOperator>& operators() {
  static const OverloadIndex<KqlOperator> index = [] {
    OverloadIndex<KqlOperator> made;
    for (const auto rows : {arithmetic_operators(), comparison_operators(), string_operators(), logical_operators()}) {
      for (const KqlOperator& row : rows) made.add(row.op, row);
    }
    return made;
  }();
  return index;
}

/// Sums, differences and products of constants that fit, so that `2 * 1h` is a constant to those who need one.
std::optional<Value> folded(std::string_view op, const ExprPtr& a, const ExprPtr& b, Type result) {
  const auto* left = std::get_if<plan::Constant>(&a->node);
  const auto* right = b == nullptr ? nullptr : std::get_if<plan::Constant>(&b->node);
  if (left == nullptr) return std::nullopt;
  const auto* x = std::get_if<std::int64_t>(&left->value.held);
  if (op == "unary -") {
    if (x != nullptr && *x != INT64_MIN) return Value{result, -*x};
    if (const auto* real = std::get_if<double>(&left->value.held)) return Value{result, -*real};
    if (left->value.type == Type::decimal && std::holds_alternative<std::string>(left->value.held)) {
      const std::string& text = std::get<std::string>(left->value.held);
      return Value{result, text.starts_with('-') ? text.substr(1) : "-" + text};
    }
    return std::nullopt;
  }
  if (op == "unary +") return left->value;
  const auto* y = right == nullptr ? nullptr : std::get_if<std::int64_t>(&right->value.held);
  if (x == nullptr || y == nullptr) return std::nullopt;
  std::int64_t made = 0;
  const bool fits = op == "+"   ? !__builtin_add_overflow(*x, *y, &made)
                    : op == "-" ? !__builtin_sub_overflow(*x, *y, &made)
                    : op == "*" ? !__builtin_mul_overflow(*x, *y, &made)
                                : false;
  const bool integers = result == Type::int64 || result == Type::timespan || result == Type::datetime;
  return fits && integers ? std::optional(Value{result, made}) : std::nullopt;
}

std::string operand_types(const ExprPtr& left, const ExprPtr& right) {
  std::string made(columnar::type_name(left->type));
  if (right) made += " and " + std::string(columnar::type_name(right->type));
  return made;
}

std::string operand_hint(std::string_view op, Type left, Type right) {
  const auto either = [&](Type type) { return left == type || right == type; };
  const bool number = columnar::is_numeric(left) || columnar::is_numeric(right);
  if (op == "+" && left == Type::string && right == Type::string) return "strcat(a, b) joins texts";
  if (either(Type::datetime) && number) return "Timespans are written 5d, 3h, 10m, datetimes datetime(2024-03-31)";
  if (either(Type::timespan) && number) return conversion_hint(Type::timespan);
  if (either(Type::string) && either(Type::datetime)) return conversion_hint(Type::datetime);
  if (either(Type::string) && either(Type::timespan)) return conversion_hint(Type::timespan);
  return "Convert an operand: tolong(), toreal(), tostring(), todatetime(), …";
}

/// What a dynamic value is beside a time or a bool has to be said by name, but for + and - of times, == and !=.
bool leaves_dynamic_open(std::string_view op, Type left, Type right) {
  static constexpr auto kOperators = std::to_array<std::string_view>({"%", "*", "/", "<", "<=", ">", ">="});
  if ((left == Type::dynamic) == (right == Type::dynamic) || !std::ranges::binary_search(kOperators, op)) return false;
  const Type other = left == Type::dynamic ? right : left;
  return other == Type::datetime || other == Type::timespan || other == Type::boolean;
}

}  // namespace

Result<ExprPtr> Binder::binary(std::string_view op, ExprPtr left, ExprPtr right, SourceSpan op_span, SourceSpan span) {
  const Overloads<KqlOperator>* overloads = operators().find(op);
  if (overloads == nullptr) {
    Error refused = not_supported("operator " + std::string(op), op_span);
    if (op.find("like") != std::string_view::npos) refused.hint = "Use contains, has, startswith, endswith or matches regex";
    return refused;
  }
  std::vector<Type> types{left->type};
  if (right) types.push_back(right->type);
  if (is_missing(types.front()) || is_missing(types.back())) return told();
  auto chosen = choose_overload(overloads->signatures, types, DynamicAs::anything);
  const bool several = (is_results(*left) || (right && is_results(*right))) && op != "==" && op != "!=" && op != "<>";
  const bool open = right && leaves_dynamic_open(op, left->type, right->type);
  if (several || open || std::holds_alternative<NoOverload>(chosen)) {
    const std::string_view shown = op.starts_with("unary ") ? op.substr(6) : op;
    return error_at(ErrorCode::type_mismatch,
                    "Operator " + std::string(shown) + " does not take these types: " + operand_types(left, right), op_span,
                    operand_hint(op, left->type, right ? right->type : left->type));
  }
  const Overload& overload = std::get<Overload>(chosen);
  std::vector<ExprPtr> arguments;
  ExprPtr a = convert(std::move(left), overload.arguments[0]);
  arguments.push_back(std::move(a));
  if (right) {
    ExprPtr b = convert(std::move(right), overload.arguments[1]);
    arguments.push_back(std::move(b));
  }
  if (auto value = folded(op, arguments[0], arguments.size() > 1 ? arguments[1] : nullptr, overload.result)) {
    return constant_expr(std::move(*value), span);
  }
  WARDIAN_TRY(check_rules(*overloads->signatures[overload.row], arguments));
  const KqlOperator& row = *overloads->rows[overload.row];
  return plan::make_expr(plan::Call{row.op, row.lowering, std::move(arguments)}, overload.result, span);
}

Result<ExprPtr> Binder::between(const syntax::Between& between, SourceSpan span, const Environment& env) {
  WARDIAN_ASSIGN(const ExprPtr value, scalar_or_missing(*between.value, env));
  WARDIAN_ASSIGN(auto ends, both(*between.low, *between.high, env));
  auto& [low, high] = ends;
  // `between (datetime .. 3d)` counts the span from the low end.
  if (value->type == Type::datetime && high->type == Type::timespan) {
    WARDIAN_ASSIGN(high, binary("+", low, high, between.high->span, between.high->span));
  }
  WARDIAN_ASSIGN(ExprPtr above, binary(">=", value, low, between.low->span, span));
  WARDIAN_ASSIGN(ExprPtr below, binary("<=", value, high, between.high->span, span));
  WARDIAN_ASSIGN(ExprPtr inside, binary("and", std::move(above), std::move(below), span, span));
  if (!between.negated) return inside;
  return built_in("not", {std::move(inside)}, span);
}

}  // namespace wardian::kql
