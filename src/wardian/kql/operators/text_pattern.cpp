#include "wardian/kql/operators/text_pattern.h"

namespace wardian::kql {

ExprPtr regex_group(const ExprPtr& text, const std::string& pattern, int group, SourceSpan span) {
  return plan::make_expr(plan::Call{"extract",
                                    {"wardian_extract", nullptr},
                                    {constant_expr(Value{Type::string, pattern}, span),
                                     constant_expr(Value{Type::int64, std::int64_t{group}}, span), text}},
                         Type::string, span);
}

Result<ExprPtr> text_source(Binder& binder, const syntax::Expr& source, const Environment& rows) {
  WARDIAN_ASSIGN(ExprPtr text, binder.scalar(source, rows));
  return cast(std::move(text), Type::string);
}

void set_column(std::vector<plan::NamedExpr>& columns, std::string name, ExprPtr expr) {
  for (plan::NamedExpr& column : columns) {
    if (column.name == name) {
      column.expr = std::move(expr);
      return;
    }
  }
  columns.push_back({std::move(name), std::move(expr)});
}

}  // namespace wardian::kql
