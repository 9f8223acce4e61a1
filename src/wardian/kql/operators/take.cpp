#include "wardian/kql/operators/take.h"

namespace wardian::kql {

Result<ExprPtr> row_count(Binder& binder, const syntax::Expr& expr, const Environment& env, const NodePtr& input) {
  WARDIAN_ASSIGN(ExprPtr count, binder.scalar_without_columns(expr, env, input));
  if (!columnar::is_integer(count->type) && count->type != Type::dynamic) {
    return error_at(ErrorCode::type_mismatch, "A whole number is needed here", expr.span);
  }
  count = convert(std::move(count), Type::int64);
  if (is_constant(*count) && !reads_tables(*count)) {
    WARDIAN_ASSIGN(Value value, binder.constant(count, expr.span));
    const auto* held = std::get_if<std::int64_t>(&value.held);
    if (held == nullptr || *held < 0)
      return error_at(ErrorCode::bad_argument, "A number of rows is needed here: 0 or more", expr.span);
    count = constant_expr(std::move(value), expr.span);
  }
  return count;
}

NodePtr limited(NodePtr input, ExprPtr rows) {
  columnar::Schema schema = input->schema;
  const bool serialized = input->serialized;
  return plan::make_node(plan::Limit{std::move(input), std::move(rows)}, std::move(schema), serialized);
}

OperatorResult bind_operator(Binder& binder, const syntax::TakeOperator& node, const OperatorSite& site) {
  WARDIAN_ASSIGN(ExprPtr rows, row_count(binder, *node.count, site.env, site.input));
  return limited(site.input, std::move(rows));
}

}  // namespace wardian::kql
