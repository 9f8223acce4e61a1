#include <algorithm>
#include <array>

#include "wardian/base/similar_name.h"
#include "wardian/kernels/timespan.h"
#include "wardian/kql/syntax/foreign_words.h"
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

Result<Expr> QueryParser::operators_after(ExprPtr source, std::uint32_t begin, std::vector<Operator> operators) {
  const std::size_t outer_tallest = std::exchange(tallest_, source ? source->height : 0);
  while (take(TokenKind::pipe)) WARDIAN_TRY(next_operator(operators));
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
    WARDIAN_TRY(next_operator(operators));
  } while (take(TokenKind::pipe));
  const std::size_t height = tallest_;
  tallest_ = std::max(tallest_, outer_tallest);
  return make(Pipe{nullptr, std::move(operators)}, span_from(begin), height);
}

std::string QueryParser::connective_hint() const {
  if (!at(TokenKind::identifier)) return {};
  std::string small(word());
  for (char& c : small) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  std::string before(last_word());
  for (char& c : before) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (before == "not") return "not(…) takes its condition in brackets";
  if (before == "distinct") return "dcount(x) counts distinct values";
  if (before == "all") return "union keeps all rows: union T";
  if (!last_word().empty() && last_word().find_first_not_of("0123456789.") == std::string_view::npos &&
      kernels::timespan_unit_ticks(small) > 0) {
    return "A timespan is written without a blank: " + std::string(last_word()) + small;
  }
  if (const std::string_view foreign = foreign_connective_hint(small); !foreign.empty()) return std::string(foreign);
  if (at_operator_keyword()) return {};
  constexpr auto kConnectives = std::to_array<std::string_view>({"and", "or", "in", "between", "contains", "contains_cs",
                                                                 "startswith", "startswith_cs", "endswith", "endswith_cs", "has",
                                                                 "has_cs", "has_any", "has_all", "hasprefix", "hassuffix"});
  if (std::ranges::find(kConnectives, small) != kConnectives.end()) {
    return small == word() ? std::string() : "Operators are written in lower case: " + small;
  }
  constexpr auto kClauses = std::to_array<std::string_view>({"asc", "by", "desc", "nulls", "of", "on", "step", "with"});
  if (std::ranges::find(kClauses, small) != kClauses.end() && small != word())
    return "Keywords are written in lower case: " + small;
  const std::string_view line = whole_text().substr(0, peek().span.begin);
  const std::size_t comment = line.rfind("--");
  if (comment != std::string_view::npos && line.find('\n', comment) == std::string_view::npos) return "A comment begins with //";
  return small.size() < 5 ? std::string() : did_you_mean(small, kConnectives);
}

Error QueryParser::unexpected_after_query() const {
  if (at(TokenKind::wrong)) return expected(";");
  const std::string found(word());
  if (at(TokenKind::end)) return expected(";");
  if (std::string hint = connective_hint(); !hint.empty()) {
    return at_operator_keyword() ? expected("|", std::move(hint)) : wrong_here("Unexpected: " + found, std::move(hint));
  }
  if (begins_statement()) {
    return expected(";", "Statements end with a ; and one is missing before " + found);
  }
  if (at_operator_keyword()) return expected("|", "A | is missing before " + found + "?");
  switch (kind()) {
    case TokenKind::assign:
      if (last_word() == "Kind" || last_word() == "KIND")
        return wrong_here("Unexpected: =", "Keywords are written in lower case: kind");
      return wrong_here("Unexpected: =", "Use == to compare; name = value gives a new column its name");
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
    case TokenKind::arrow:
      return wrong_here("Unexpected: =>", "Is >= meant? The body of a function stands in braces: (a: long) { … }");
    case TokenKind::comma:
      if (at(TokenKind::whole_number, 1) && peek().span.begin == end_of_last() && adjacent(1) && !last_word().empty() &&
          last_word().find_first_not_of("0123456789") == std::string_view::npos) {
        return wrong_here("Unexpected: ,", "A number has no separators: " + std::string(last_word()) + std::string(word(1)));
      }
      break;
    case TokenKind::string:
      if (last_word() == "f" && peek().span.begin == end_of_last())
        return expected(",", "Values are put into a text by strcat(\"…\", x)");
      break;
    default: break;
  }
  if (at_expression()) return expected(",", "A comma, a | or the end of the statement may stand here");
  return wrong_here("Unexpected: " + found);
}

}  // namespace wardian::kql::syntax
