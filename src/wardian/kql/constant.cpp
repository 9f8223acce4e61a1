#include "wardian/base/overloaded.h"
#include "wardian/kql/binder.h"

namespace wardian::kql {

ExprPtr constant_expr(Value value, SourceSpan span) {
  const Type type = value.type;
  return plan::make_expr(plan::Constant{std::move(value)}, type, span);
}

namespace {

/// True when `test` holds for no part of the expression; subqueries are closed worlds and not looked into.
bool none(const plan::Expr& expr, bool (*test)(const plan::Expr&)) {
  if (test(expr)) return false;
  const auto all = [&](const std::vector<ExprPtr>& parts) {
    for (const ExprPtr& part : parts) {
      if (!none(*part, test)) return false;
    }
    return true;
  };
  return std::visit(
      overloaded{[&](const plan::Call& call) { return all(call.arguments); },
                 [&](const plan::WindowCall& call) { return all(call.arguments); },
                 [&](const plan::InSubquery& in) { return none(*in.value, test); }, [](const auto&) { return true; }},
      expr.node);
}

/// The first table that the expression reads; null: none.
NodePtr table_read_by(const plan::Expr& expr) {
  const auto first = [](const std::vector<ExprPtr>& parts) {
    NodePtr found;
    for (std::size_t at = 0; at < parts.size() && found == nullptr; ++at) found = table_read_by(*parts[at]);
    return found;
  };
  return std::visit(overloaded{[&](const plan::Call& call) { return first(call.arguments); },
                               [&](const plan::WindowCall& call) { return first(call.arguments); },
                               [](const plan::ScalarSubquery& subquery) { return subquery.table; },
                               [](const plan::InSubquery& in) { return in.table; }, [](const auto&) { return NodePtr(); }},
                    expr.node);
}

}  // namespace

bool is_of_row(const plan::Expr& expr) {
  const auto* subquery = std::get_if<plan::ScalarSubquery>(&expr.node);
  return subquery != nullptr && subquery->of_row;
}

bool reads_tables(const plan::Expr& expr) { return table_read_by(expr) != nullptr; }

bool is_constant(const plan::Expr& expr) {
  return none(expr, [](const plan::Expr& part) {
    return std::holds_alternative<plan::ColumnRef>(part.node) || std::holds_alternative<plan::WindowCall>(part.node) ||
           std::holds_alternative<plan::LambdaParameter>(part.node) || is_of_row(part);
  });
}

bool is_volatile(const plan::Expr& expr) {
  return !none(expr, [](const plan::Expr& part) {
    const auto* call = std::get_if<plan::Call>(&part.node);
    return call != nullptr && (call->name == "rand" || call->name == "new_guid");
  });
}

bool has_window_call(const plan::Expr& expr) {
  return !none(expr, [](const plan::Expr& part) { return std::holds_alternative<plan::WindowCall>(part.node); });
}

Result<Value> Binder::constant(const ExprPtr& expr, SourceSpan span) {
  if (const auto* held = std::get_if<plan::Constant>(&expr->node)) return held->value;
  if (!is_constant(*expr)) return constant_expected(span);
  if (!mistakes_.empty()) return told();
  const NodePtr table = context_.constants_only ? table_read_by(*expr) : nullptr;
  if (table != nullptr) undetermined_ = {"a value", table, span};
  if (table != nullptr || context_.runner == nullptr)
    return error_at(ErrorCode::not_constant, "This value is known only when the query runs", span);
  Result<Value> value = context_.runner->evaluate(expr);
  if (value.ok() || value.error().span) return value;
  Error placed = std::move(value).error();
  placed.span = span;
  return placed;
}

Result<NodePtr> Binder::materialise(const NodePtr& plan, std::string_view what, SourceSpan span) {
  if (!mistakes_.empty()) return told();
  if (context_.runner != nullptr && !context_.constants_only) return context_.runner->materialise(plan);
  if (context_.constants_only) undetermined_ = {std::string(what), plan, span};
  return error_at(ErrorCode::not_constant, "The columns of " + std::string(what) + " are known only when the query runs", span);
}

bool Binder::left_to_the_run() { return std::exchange(undetermined_, std::nullopt).has_value(); }

Result<std::string> Binder::or_stand_in(Result<std::string> value, std::string_view stand_in) {
  if (value.ok() || !left_to_the_run()) return value;
  return std::string(stand_in);
}

Result<Value> Binder::constant(const syntax::Expr& expr, const Environment& env) {
  WARDIAN_ASSIGN(const ExprPtr bound, scalar(expr, env));
  return constant(bound, expr.span);
}

Result<ExprPtr> Binder::scalar_without_columns(const syntax::Expr& expr, const Environment& env, const NodePtr& input) {
  bool reads_columns = false;
  if (input != nullptr) {
    const Trial trial(*this);
    Result<ExprPtr> bound = scalar(expr, env.without_rows());
    if (bound.ok()) return bound;
    reads_columns = bound.error().code == ErrorCode::unknown_name;
    if (reads_columns && scalar(expr, env.over(*input)).ok()) return constant_expected(expr.span);
  }
  // What else is wrong with it is told as elsewhere.
  return scalar(expr, reads_columns ? env.over(*input) : env.without_rows());
}

Result<std::string> Binder::constant_string(const syntax::Expr& expr, const Environment& env) {
  WARDIAN_ASSIGN(const ExprPtr bound, scalar_of(expr, Type::string, env));
  WARDIAN_ASSIGN(Value value, constant(bound, expr.span));
  if (auto* text = std::get_if<std::string>(&value.held)) return std::move(*text);
  return std::string();
}

}  // namespace wardian::kql
