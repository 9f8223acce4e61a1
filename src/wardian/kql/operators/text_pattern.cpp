#include "wardian/kql/operators/text_pattern.h"

namespace wardian::kql {

std::string regex_quoted(std::string_view text) {
  std::string made;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
                       static_cast<unsigned char>(c) >= 0x80;
    if (!plain) made += '\\';
    made += c;
  }
  return made;
}

ExprPtr regex_group(const ExprPtr& text, const std::string& pattern, int group, SourceSpan span) {
  return plan::make_expr(plan::Call{"extract",
                                    {"regexp_extract", nullptr},
                                    {text, constant_expr(Value{Type::string, pattern}, span),
                                     constant_expr(Value{Type::int32, std::int64_t{group}}, span)}},
                         Type::string, span);
}

ExprPtr regex_found(const ExprPtr& text, const std::string& pattern, SourceSpan span) {
  return plan::make_expr(
      plan::Call{"matches regex", {"regexp_matches", nullptr}, {text, constant_expr(Value{Type::string, pattern}, span)}},
      Type::boolean, span);
}

Result<ExprPtr> text_source(Binder& binder, const syntax::Expr& source, const Environment& rows) {
  return binder.scalar_of(source, Type::string, rows);
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
