#include "wardian/kql/operators/search_predicate.h"

#include <array>

#include "wardian/base/overloaded.h"
#include "wardian/kernels/regex_dialect.h"

namespace wardian::kql {
namespace {

/// The text of a constant that is no column: a literal or a variable.
std::optional<std::string> constant_text(const syntax::Expr& expr, const Environment& rows) {
  if (const auto* literal = std::get_if<syntax::Literal>(&expr.node)) {
    const auto* text = std::get_if<std::string>(&literal->value.held);
    return text != nullptr && literal->value.type == Type::string ? std::optional(*text) : std::nullopt;
  }
  const auto* name = std::get_if<syntax::Name>(&expr.node);
  if (name == nullptr || !rows.scope || columnar::find_column(*rows.columns, name->text)) return std::nullopt;
  const Meaning* meaning = rows.scope->find(name->text);
  const auto* variable = meaning != nullptr ? std::get_if<ScalarVariable>(meaning) : nullptr;
  const auto* constant = variable != nullptr ? std::get_if<plan::Constant>(&variable->expr->node) : nullptr;
  if (constant == nullptr || variable->expr->type != Type::string) return std::nullopt;
  const auto* text = std::get_if<std::string>(&constant->value.held);
  return text != nullptr ? std::optional(*text) : std::nullopt;
}

struct Term {
  std::string_view op;
  std::string text;
};

/// billg: has; *billg: hassuffix; billg*: hasprefix; *billg*: contains; bi*lg: a regular expression.
Term term_of(const std::string& text, bool case_sensitive) {
  const bool open_start = text.size() > 1 && text.front() == '*';
  const bool open_end = text.size() > 1 && text.back() == '*';
  std::string inner = text.substr(open_start ? 1 : 0, text.size() - (open_start ? 1 : 0) - (open_end ? 1 : 0));
  if (inner.find('*') == std::string::npos) {
    static constexpr std::string_view kOps[2][4] = {{"has", "hasprefix", "hassuffix", "contains"},
                                                    {"has_cs", "hasprefix_cs", "hassuffix_cs", "contains_cs"}};
    return {kOps[case_sensitive ? 1 : 0][(open_end ? 1 : 0) + (open_start ? 2 : 0)], std::move(inner)};
  }
  std::string pattern = case_sensitive ? "(?s)" : "(?is)";
  if (!open_start) pattern += "\\b";
  for (std::size_t at = 0; at <= inner.size();) {
    const std::size_t star = std::min(inner.find('*', at), inner.size());
    pattern += kernels::regex_quoted(inner.substr(at, star - at));
    if (star < inner.size()) pattern += ".*";
    at = star + 1;
  }
  if (!open_end) pattern += "\\b";
  return {"matches regex", std::move(pattern)};
}

Result<ExprPtr> any_of(Binder& binder, std::span<const ExprPtr> parts, SourceSpan span) {
  if (parts.empty()) return constant_expr(Value{Type::boolean, false}, span);
  if (parts.size() == 1) return parts.front();
  const std::size_t half = parts.size() / 2;
  WARDIAN_ASSIGN(ExprPtr left, any_of(binder, parts.first(half), span));
  WARDIAN_ASSIGN(ExprPtr right, any_of(binder, parts.subspan(half), span));
  return binder.binary("or", std::move(left), std::move(right), span, span);
}

/// The term among the texts of some columns.
Result<ExprPtr> term_in(Binder& binder, const std::string& text, std::span<const ExprPtr> columns, SourceSpan span,
                        bool case_sensitive) {
  if (text == "*") return constant_expr(Value{Type::boolean, true}, span);
  const Term term = term_of(text, case_sensitive);
  std::vector<ExprPtr> parts;
  for (const ExprPtr& column : columns) {
    ExprPtr wanted = constant_expr(Value{Type::string, term.text}, span);
    WARDIAN_ASSIGN(ExprPtr part, binder.binary(term.op, cast(column, Type::string), std::move(wanted), span, span));
    parts.push_back(std::move(part));
  }
  return any_of(binder, parts, span);
}

std::vector<ExprPtr> all_of(const Environment& rows, SourceSpan span) {
  std::vector<ExprPtr> columns;
  for (std::size_t at = 0; at < rows.columns->size(); ++at) columns.push_back(input_column(*rows.columns, at, span));
  return columns;
}

/// Operators of text that have a form of their own which minds the case.
std::string_view minding_case(std::string_view op) {
  struct Row {
    std::string_view op, minding;
  };
  static constexpr auto kRows = std::to_array<Row>({{"!=~", "!="},
                                                    {"!contains", "!contains_cs"},
                                                    {"!endswith", "!endswith_cs"},
                                                    {"!has", "!has_cs"},
                                                    {"!hasprefix", "!hasprefix_cs"},
                                                    {"!hassuffix", "!hassuffix_cs"},
                                                    {"!startswith", "!startswith_cs"},
                                                    {"!~", "!="},
                                                    {"=~", "=="},
                                                    {"contains", "contains_cs"},
                                                    {"endswith", "endswith_cs"},
                                                    {"has", "has_cs"},
                                                    {"hasprefix", "hasprefix_cs"},
                                                    {"hassuffix", "hassuffix_cs"},
                                                    {"startswith", "startswith_cs"}});
  for (const Row& row : kRows) {
    if (row.op == op) return row.minding;
  }
  return op;
}

Result<ExprPtr> comparison(Binder& binder, const syntax::Expr& expr, const syntax::Binary& node, const Environment& rows,
                           bool case_sensitive) {
  const bool of_all = std::holds_alternative<syntax::Star>(node.left->node);
  if (node.op == syntax::BinaryOp::colon) {
    WARDIAN_ASSIGN(const std::string text, binder.constant_string(*node.right, rows));
    std::vector<ExprPtr> columns = of_all ? all_of(rows, node.left->span) : std::vector<ExprPtr>();
    if (!of_all) {
      WARDIAN_ASSIGN(ExprPtr column, binder.scalar(*node.left, rows));
      columns.push_back(std::move(column));
    }
    return term_in(binder, text, columns, expr.span, case_sensitive);
  }
  if (of_all || !case_sensitive) return binder.scalar_of(expr, Type::boolean, rows);
  WARDIAN_ASSIGN(ExprPtr left, binder.scalar(*node.left, rows));
  WARDIAN_ASSIGN(ExprPtr right, binder.scalar(*node.right, rows));
  return binder.binary(minding_case(syntax::spelling(node.op)), std::move(left), std::move(right), node.op_span, expr.span);
}

template <class Visit>
void each_part(const syntax::Expr& expr, const Visit& visit) {
  const auto list = [&](const std::vector<syntax::Expr>& all) {
    for (const syntax::Expr& each : all) visit(each);
  };
  std::visit(overloaded{[&](const syntax::Unary& node) { visit(*node.operand); },
                        [&](const syntax::Binary& node) {
                          visit(*node.left);
                          visit(*node.right);
                        },
                        [&](const syntax::Logical& node) { list(node.operands); },
                        [&](const syntax::Between& node) {
                          visit(*node.value);
                          visit(*node.low);
                          visit(*node.high);
                        },
                        [&](const syntax::In& node) {
                          visit(*node.value);
                          list(node.candidates);
                        },
                        [&](const syntax::Call& node) { list(node.arguments); },
                        [&](const syntax::Member& node) { visit(*node.source); },
                        [&](const syntax::Index& node) {
                          visit(*node.source);
                          visit(*node.index);
                        },
                        [&](const syntax::Named& node) { visit(*node.value); }, [](const auto&) {}},
             expr.node);
}

bool has_star(const syntax::Expr& expr) {
  if (std::holds_alternative<syntax::Star>(expr.node)) return true;
  bool found = false;
  each_part(expr, [&](const syntax::Expr& part) { found = found || has_star(part); });
  return found;
}

}  // namespace

Result<ExprPtr> search_predicate(Binder& binder, const syntax::Expr& expr, const Environment& rows, bool case_sensitive) {
  if (std::holds_alternative<syntax::Star>(expr.node)) return constant_expr(Value{Type::boolean, true}, expr.span);
  if (const auto text = constant_text(expr, rows)) {
    return term_in(binder, *text, all_of(rows, expr.span), expr.span, case_sensitive);
  }
  if (const auto* logical = std::get_if<syntax::Logical>(&expr.node)) {
    const std::string_view op = logical->op == syntax::LogicalOp::all_of ? "and" : "or";
    ExprPtr made;
    for (const syntax::Expr& operand : logical->operands) {
      WARDIAN_ASSIGN(ExprPtr part, search_predicate(binder, operand, rows, case_sensitive));
      if (made == nullptr) {
        made = std::move(part);
        continue;
      }
      WARDIAN_ASSIGN(made, binder.binary(op, std::move(made), std::move(part), operand.span, expr.span));
    }
    return made;
  }
  if (const auto* binary = std::get_if<syntax::Binary>(&expr.node)) {
    WARDIAN_ASSIGN(ExprPtr made, comparison(binder, expr, *binary, rows, case_sensitive));
    if (made->type == Type::boolean) return made;
  }
  return binder.scalar_of(expr, Type::boolean, rows);
}

bool reads_all_columns(const syntax::Expr& expr, const Environment& rows) {
  if (has_star(expr) || constant_text(expr, rows)) return true;
  const auto* logical = std::get_if<syntax::Logical>(&expr.node);
  return logical != nullptr &&
         std::ranges::any_of(logical->operands, [&](const syntax::Expr& each) { return reads_all_columns(each, rows); });
}

void names_in(const syntax::Expr& expr, std::vector<std::string>& names) {
  if (const auto* name = std::get_if<syntax::Name>(&expr.node)) names.push_back(name->text);
  each_part(expr, [&](const syntax::Expr& part) { names_in(part, names); });
}

}  // namespace wardian::kql
