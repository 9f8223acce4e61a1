#include "wardian/kql/graph/column_shift.h"

#include <algorithm>

#include "wardian/base/overloaded.h"

namespace wardian::kql {

using plan::ExprPtr;

ExprPtr with_columns_at(const ExprPtr& expr, const std::function<std::size_t(std::size_t)>& place) {
  const auto each = [&](std::vector<ExprPtr> parts) {
    for (ExprPtr& part : parts) part = with_columns_at(part, place);
    return parts;
  };
  return std::visit(overloaded{[&](const plan::ColumnRef& ref) -> ExprPtr {
                                 const auto at = static_cast<std::uint32_t>(place(ref.index));
                                 return plan::make_expr(plan::ColumnRef{ref.input, at}, expr->type, expr->span);
                               },
                               [&](const plan::Call& call) -> ExprPtr {
                                 plan::Call made = call;
                                 made.arguments = each(std::move(made.arguments));
                                 return plan::make_expr(std::move(made), expr->type, expr->span);
                               },
                               [&](const plan::WindowCall& call) -> ExprPtr {
                                 plan::WindowCall made = call;
                                 made.arguments = each(std::move(made.arguments));
                                 return plan::make_expr(std::move(made), expr->type, expr->span);
                               },
                               [&](const plan::InSubquery& in) -> ExprPtr {
                                 plan::InSubquery made = in;
                                 made.value = with_columns_at(made.value, place);
                                 return plan::make_expr(std::move(made), expr->type, expr->span);
                               },
                               [&](const auto&) -> ExprPtr { return expr; }},
                    expr->node);
}

bool columns_all(const plan::Expr& expr, const std::function<bool(std::size_t)>& test) {
  const auto each = [&](const std::vector<ExprPtr>& parts) {
    return std::ranges::all_of(parts, [&](const ExprPtr& part) { return columns_all(*part, test); });
  };
  return std::visit(
      overloaded{[&](const plan::ColumnRef& ref) { return test(ref.index); },
                 [&](const plan::Call& call) { return each(call.arguments); },
                 [&](const plan::WindowCall& call) { return each(call.arguments); },
                 [&](const plan::InSubquery& in) { return columns_all(*in.value, test); }, [](const auto&) { return true; }},
      expr.node);
}

}  // namespace wardian::kql
