#include <algorithm>
#include <array>

#include "wardian/kql/syntax/query_parser.h"

namespace wardian::kql::syntax {

Result<Expr> QueryParser::pipe_expression() {
  const std::uint32_t begin = peek().span.begin;
  if (!at_source_operator()) {
    WARDIAN_ASSIGN(Expr source, expression());
    // T datascope=hotcache: which storage may be read; there is only one.
    if (at_word("datascope") && at(TokenKind::assign, 1) && at(TokenKind::identifier, 2)) advance(3);
    if (!at(TokenKind::pipe)) return source;
    return operators_after(pointer(std::move(source)), begin);
  }
  const std::size_t outer_tallest = std::exchange(tallest_, 0);
  WARDIAN_ASSIGN(Operator operation, source_operator());
  const SourceSpan span = operation.span;
  const std::size_t height = tallest_;
  WARDIAN_ASSIGN(Expr source, make(SourceOperator{std::make_unique<const Operator>(std::move(operation))}, span, height));
  tallest_ = std::max(tallest_, outer_tallest);
  if (!at(TokenKind::pipe)) return source;
  return operators_after(pointer(std::move(source)), begin);
}

Result<Expr> QueryParser::operators_after(ExprPtr source, std::uint32_t begin) {
  const std::size_t outer_tallest = std::exchange(tallest_, source ? source->height : 0);
  std::vector<Operator> operators;
  while (take(TokenKind::pipe)) {
    WARDIAN_ASSIGN(Operator read, query_operator());
    operators.push_back(std::move(read));
  }
  const std::size_t height = tallest_;
  tallest_ = std::max(tallest_, outer_tallest);
  return make(Pipe{std::move(source), std::move(operators)}, span_from(begin), height);
}

Result<Expr> QueryParser::sub_pipe() {
  const Nesting nesting(*this);
  if (nesting.too_deep()) return too_deep();
  const std::uint32_t begin = peek().span.begin;
  const std::size_t outer_tallest = std::exchange(tallest_, 0);
  std::vector<Operator> operators;
  do {
    WARDIAN_ASSIGN(Operator read, query_operator());
    operators.push_back(std::move(read));
  } while (take(TokenKind::pipe));
  const std::size_t height = tallest_;
  tallest_ = std::max(tallest_, outer_tallest);
  return make(Pipe{nullptr, std::move(operators)}, span_from(begin), height);
}

Error QueryParser::unexpected_after_query() const {
  if (at(TokenKind::wrong)) return expected(";");
  const std::string found(word());
  if (at(TokenKind::end)) return expected(";");
  if (begins_statement()) {
    return expected(";", "Statements end with a ; and one is missing before " + found);
  }
  if (at_operator_keyword()) return expected("|", "A | is missing before " + found + "?");
  switch (kind()) {
    case TokenKind::assign: return wrong_here("Unexpected: =", "Use == to compare; name = value gives a new column its name");
    case TokenKind::equal:
    case TokenKind::not_equal:
    case TokenKind::less:
    case TokenKind::less_or_equal:
    case TokenKind::greater:
    case TokenKind::greater_or_equal:
      return wrong_here("Unexpected: " + found, "Comparisons do not chain: put one of them in brackets, or join them with and");
    case TokenKind::close_round:
    case TokenKind::close_square:
    case TokenKind::close_curly: return wrong_here("Unexpected: " + found, "No bracket is open here that it would close");
    case TokenKind::arrow: return wrong_here("Unexpected: =>", "Is >= meant?");
    default: break;
  }
  if (found == "AND" || found == "OR" || found == "And" || found == "Or") {
    return wrong_here("Unexpected: " + found, "Keywords are written in lower case: and, or");
  }
  if (found == "is") return wrong_here("Unexpected: is", "Use isnull(x), isempty(x) or isnotnull(x)");
  if (at_expression()) return expected(",", "A comma, a | or the end of the statement may stand here");
  return wrong_here("Unexpected: " + found);
}

}  // namespace wardian::kql::syntax
