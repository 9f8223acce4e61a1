#include "wardian/kql/binder.h"
#include "wardian/kql/operator_table.h"

namespace wardian::kql {

ExprPtr as_condition(const ExprPtr& expr) {
  const auto* call = std::get_if<plan::Call>(&expr->node);
  if (call == nullptr) return expr;
  if (call->name == "and" || call->name == "or") {
    plan::Call made = *call;
    for (ExprPtr& argument : made.arguments) argument = as_condition(argument);
    return plan::make_expr(std::move(made), expr->type, expr->span);
  }
  for (const auto rows : {comparison_operators(), membership_operators()}) {
    for (const KqlOperator& row : rows) {
      if (row.op != call->name || row.lowering.rewrite != call->lowering.rewrite || row.in_condition == nullptr) continue;
      plan::Call made = *call;
      made.lowering.rewrite = row.in_condition;
      return plan::make_expr(std::move(made), expr->type, expr->span);
    }
  }
  return expr;
}

}  // namespace wardian::kql
