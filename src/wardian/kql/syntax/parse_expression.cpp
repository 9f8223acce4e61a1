#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

#include "wardian/kql/syntax/query_parser.h"

// Precedence, from loose to tight: or; and; == != in between; < <= > >=; + -; * / %; string operators; signs.
// Comparisons and string operators do not chain: `a == b == c` is refused.

namespace wardian::kql::syntax {
namespace {

using Spelling = std::pair<std::string_view, BinaryOp>;

constexpr auto kStringOperators = std::to_array<Spelling>({
    {"has", BinaryOp::has},
    {"!has", BinaryOp::not_has},
    {"has_cs", BinaryOp::has_cs},
    {"!has_cs", BinaryOp::not_has_cs},
    {"hasprefix", BinaryOp::hasprefix},
    {"!hasprefix", BinaryOp::not_hasprefix},
    {"hasprefix_cs", BinaryOp::hasprefix_cs},
    {"!hasprefix_cs", BinaryOp::not_hasprefix_cs},
    {"hassuffix", BinaryOp::hassuffix},
    {"!hassuffix", BinaryOp::not_hassuffix},
    {"hassuffix_cs", BinaryOp::hassuffix_cs},
    {"!hassuffix_cs", BinaryOp::not_hassuffix_cs},
    {"contains", BinaryOp::contains},
    {"!contains", BinaryOp::not_contains},
    {"notcontains", BinaryOp::not_contains},
    {"contains_cs", BinaryOp::contains_cs},
    {"!contains_cs", BinaryOp::not_contains_cs},
    {"containscs", BinaryOp::contains_cs},
    {"notcontainscs", BinaryOp::not_contains_cs},
    {"startswith", BinaryOp::startswith},
    {"!startswith", BinaryOp::not_startswith},
    {"startswith_cs", BinaryOp::startswith_cs},
    {"!startswith_cs", BinaryOp::not_startswith_cs},
    {"endswith", BinaryOp::endswith},
    {"!endswith", BinaryOp::not_endswith},
    {"endswith_cs", BinaryOp::endswith_cs},
    {"!endswith_cs", BinaryOp::not_endswith_cs},
    {"like", BinaryOp::like},
    {"notlike", BinaryOp::not_like},
    {"likecs", BinaryOp::like_cs},
    {"notlikecs", BinaryOp::not_like_cs},
});

constexpr auto kSymbols = std::to_array<Spelling>({
    {"+", BinaryOp::add},
    {"-", BinaryOp::subtract},
    {"*", BinaryOp::multiply},
    {"/", BinaryOp::divide},
    {"%", BinaryOp::modulo},
    {"==", BinaryOp::equal},
    {"!=", BinaryOp::not_equal},
    {"<", BinaryOp::less},
    {"<=", BinaryOp::less_or_equal},
    {">", BinaryOp::greater},
    {">=", BinaryOp::greater_or_equal},
    {"=~", BinaryOp::equal_ignoring_case},
    {"!~", BinaryOp::not_equal_ignoring_case},
    {"matches regex", BinaryOp::matches_regex},
    {":", BinaryOp::colon},
});

constexpr auto kInOperators = std::to_array<std::pair<std::string_view, InOp>>({
    {"in", InOp::in},
    {"!in", InOp::not_in},
    {"in~", InOp::in_ignoring_case},
    {"!in~", InOp::not_in_ignoring_case},
    {"has_any", InOp::has_any},
    {"has_all", InOp::has_all},
});

template <class Op, std::size_t n>
std::optional<Op> find(const std::array<std::pair<std::string_view, Op>, n>& rows, std::string_view word) {
  for (const auto& [spelled, op] : rows) {
    if (spelled == word) return op;
  }
  return std::nullopt;
}

bool is_word(TokenKind kind) { return kind == TokenKind::identifier || kind == TokenKind::bang_identifier; }

}  // namespace

std::string_view spelling(BinaryOp op) {
  for (const auto& [spelled, named] : kSymbols) {
    if (named == op) return spelled;
  }
  for (const auto& [spelled, named] : kStringOperators) {
    if (named == op) return spelled;
  }
  return "?";
}

Error QueryParser::too_deep() const {
  return {ErrorCode::too_deep, "Nested too deeply: more than " + std::to_string(kNestingDepthMax) + " brackets", peek().span,
          "Split the query with let"};
}

Result<Expr> QueryParser::make(ExprNode node, SourceSpan span, std::size_t children_height) {
  if (children_height >= kTreeHeightMax) {
    return Error{ErrorCode::too_deep,
                 "The expression is too long a chain: more than " + std::to_string(kTreeHeightMax) + " steps", span,
                 "Split it with let or extend"};
  }
  tallest_ = std::max(tallest_, children_height + 1);
  return Expr{std::move(node), span, static_cast<std::uint16_t>(children_height + 1), false};
}

std::size_t QueryParser::height_of(const std::vector<Expr>& list) {
  std::size_t height = 0;
  for (const Expr& expr : list) height = std::max<std::size_t>(height, expr.height);
  return height;
}

Result<ExprPtr> QueryParser::expression_pointer() {
  WARDIAN_ASSIGN(Expr read, expression());
  return pointer(std::move(read));
}

Result<Expr> QueryParser::binary(BinaryOp op, Expr left, Expr right, SourceSpan op_span) {
  const SourceSpan span = cover(left.span, right.span);
  const std::size_t height = std::max(left.height, right.height);
  return make(Binary{op, pointer(std::move(left)), pointer(std::move(right)), op_span}, span, height);
}

Result<Expr> QueryParser::expression() {
  std::vector<Expr> alternatives;
  do {
    std::vector<Expr> conditions;
    do {
      WARDIAN_ASSIGN(Expr left, relational());
      WARDIAN_ASSIGN(Expr condition, equality(std::move(left)));
      conditions.push_back(std::move(condition));
    } while (take_word("and"));
    if (conditions.size() == 1) {
      alternatives.push_back(std::move(conditions[0]));
      continue;
    }
    const SourceSpan span = cover(conditions.front().span, conditions.back().span);
    const std::size_t height = height_of(conditions);
    WARDIAN_ASSIGN(Expr all, make(Logical{LogicalOp::all_of, std::move(conditions)}, span, height));
    alternatives.push_back(std::move(all));
  } while (take_word("or"));
  if (alternatives.size() == 1) return std::move(alternatives[0]);
  const SourceSpan span = cover(alternatives.front().span, alternatives.back().span);
  const std::size_t height = height_of(alternatives);
  return make(Logical{LogicalOp::any_of, std::move(alternatives)}, span, height);
}

Result<Expr> QueryParser::equality(Expr left) {
  const SourceSpan op_span = peek().span;
  if (at(TokenKind::equal) || at(TokenKind::not_equal)) {
    const BinaryOp op = at(TokenKind::equal) ? BinaryOp::equal : BinaryOp::not_equal;
    advance();
    if (at(TokenKind::assign)) return wrong_here("Unexpected: =", "Use == to compare");
    WARDIAN_ASSIGN(Expr right, relational());
    return binary(op, std::move(left), std::move(right), op_span);
  }
  if (!is_word(kind())) return left;
  if (const std::optional<InOp> op = find(kInOperators, word())) {
    advance();
    return in_list(std::move(left), *op);
  }
  if (word() == "between" || word() == "!between") {
    const bool negated = at(TokenKind::bang_identifier);
    advance();
    return between(std::move(left), negated);
  }
  return left;
}

Result<Expr> QueryParser::in_list(Expr left, InOp op) {
  if (!at(TokenKind::open_round)) return expected("(", "The candidates stand in brackets: x in (1, 2), x in (T | project a)");
  WARDIAN_ASSIGN(std::vector<Expr> candidates, arguments());
  const SourceSpan span = span_from(left.span.begin);
  const std::size_t height = std::max<std::size_t>(left.height, height_of(candidates));
  return make(In{op, pointer(std::move(left)), std::move(candidates)}, span, height);
}

Result<Expr> QueryParser::between(Expr left, bool negated) {
  const Nesting nesting(*this);
  if (nesting.too_deep()) return too_deep();
  if (!at(TokenKind::open_round)) return expected("(", "The form is: x between (low .. high)");
  advance();
  WARDIAN_ASSIGN(Expr low, expression());
  if (!at(TokenKind::dot_dot)) return expected("..", "The form is: x between (low .. high)");
  advance();
  WARDIAN_ASSIGN(Expr high, expression());
  WARDIAN_TRY(expect(TokenKind::close_round));
  const SourceSpan span = span_from(left.span.begin);
  const std::size_t height = std::max({left.height, low.height, high.height});
  return make(Between{pointer(std::move(left)), pointer(std::move(low)), pointer(std::move(high)), negated}, span, height);
}

Result<Expr> QueryParser::relational() {
  WARDIAN_ASSIGN(Expr left, additive());
  BinaryOp op;
  switch (kind()) {
    case TokenKind::less: op = BinaryOp::less; break;
    case TokenKind::less_or_equal: op = BinaryOp::less_or_equal; break;
    case TokenKind::greater: op = BinaryOp::greater; break;
    case TokenKind::greater_or_equal: op = BinaryOp::greater_or_equal; break;
    default: return left;
  }
  const SourceSpan op_span = peek().span;
  advance();
  WARDIAN_ASSIGN(Expr right, additive());
  return binary(op, std::move(left), std::move(right), op_span);
}

Result<Expr> QueryParser::additive() {
  WARDIAN_ASSIGN(Expr left, multiplicative());
  while (at(TokenKind::plus) || at(TokenKind::minus)) {
    const BinaryOp op = at(TokenKind::plus) ? BinaryOp::add : BinaryOp::subtract;
    const SourceSpan op_span = peek().span;
    advance();
    WARDIAN_ASSIGN(Expr right, multiplicative());
    WARDIAN_ASSIGN(left, binary(op, std::move(left), std::move(right), op_span));
  }
  return left;
}

Result<Expr> QueryParser::multiplicative() {
  WARDIAN_ASSIGN(Expr left, string_operation());
  for (;;) {
    BinaryOp op;
    switch (kind()) {
      case TokenKind::star: op = BinaryOp::multiply; break;
      case TokenKind::slash: op = BinaryOp::divide; break;
      case TokenKind::percent: op = BinaryOp::modulo; break;
      default: return left;
    }
    const SourceSpan op_span = peek().span;
    advance();
    if (op == BinaryOp::multiply && at(TokenKind::star)) return wrong_here("Unexpected: *", "Use pow(x, y)");
    WARDIAN_ASSIGN(Expr right, string_operation());
    WARDIAN_ASSIGN(left, binary(op, std::move(left), std::move(right), op_span));
  }
}

Result<Expr> QueryParser::string_operation() {
  WARDIAN_ASSIGN(Expr left, unary());
  std::optional<BinaryOp> op;
  SourceSpan op_span = peek().span;
  if (at(TokenKind::equal_ignoring_case))
    op = BinaryOp::equal_ignoring_case;
  else if (at(TokenKind::not_equal_ignoring_case))
    op = BinaryOp::not_equal_ignoring_case;
  else if (at(TokenKind::colon) && std::holds_alternative<Name>(left.node))
    op = BinaryOp::colon;
  else if (at_word("matches") && at_word("regex", 1)) {
    op = BinaryOp::matches_regex;
    op_span.end = peek(1).span.end;
    advance();
  } else if (is_word(kind())) {
    op = find(kStringOperators, word());
  }
  if (!op) {
    const bool in_or_between = word() == "!between" || find(kInOperators, word()).has_value();
    if (at(TokenKind::bang_identifier) && !in_or_between) {
      return wrong_here("Unknown operator: " + std::string(word()), "Use not(…) to negate a condition");
    }
    return left;
  }
  advance();
  WARDIAN_ASSIGN(Expr right, unary());
  return binary(*op, std::move(left), std::move(right), op_span);
}

Result<Expr> QueryParser::unary() {
  if (!at(TokenKind::minus) && !at(TokenKind::plus)) return postfix();
  const Nesting nesting(*this);
  if (nesting.too_deep()) return too_deep();
  const UnaryOp op = at(TokenKind::minus) ? UnaryOp::minus : UnaryOp::plus;
  const std::uint32_t begin = peek().span.begin;
  advance();
  // The least long has no positive counterpart to negate.
  if (op == UnaryOp::minus && at(TokenKind::whole_number) && word() == "9223372036854775808") {
    advance();
    return make(Literal{{columnar::Type::int64, std::numeric_limits<std::int64_t>::min()}}, span_from(begin));
  }
  if (at(TokenKind::minus) || at(TokenKind::plus)) {
    return Error{ErrorCode::syntax, "Expected: a value", peek().span, "A second sign needs brackets: -(-x)"};
  }
  WARDIAN_ASSIGN(Expr operand, postfix());
  const SourceSpan span = span_from(begin);
  const std::size_t height = operand.height;
  return make(Unary{op, pointer(std::move(operand))}, span, height);
}

}  // namespace wardian::kql::syntax
