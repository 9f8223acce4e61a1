#include <algorithm>
#include <array>

#include "wardian/base/similar_name.h"
#include "wardian/kql/syntax/query_parser.h"

namespace wardian::kql::syntax {
namespace {

/// Words that never stand for a name by themselves: operators between expressions, and words that begin or end clauses.
constexpr auto kReservedWords = std::to_array<std::string_view>({
    "and",       "as",          "asc",           "between",     "by",           "contains", "contains_cs", "containscs",
    "datatable", "desc",        "endswith",      "endswith_cs", "externaldata", "has",      "has_all",     "has_any",
    "has_cs",    "hasprefix",   "hasprefix_cs",  "hassuffix",   "hassuffix_cs", "in",       "in~",         "like",
    "likecs",    "notcontains", "notcontainscs", "notlike",     "notlikecs",    "of",       "or",          "print",
    "project",   "startswith",  "startswith_cs", "to",          "union",        "where",
});
static_assert(std::ranges::is_sorted(kReservedWords));

bool is_reserved(std::string_view word) { return std::ranges::binary_search(kReservedWords, word); }

/// Types whose values are written type(…). `string` has none.
std::optional<columnar::Type> literal_type(std::string_view word) {
  const std::optional<columnar::Type> type = columnar::type_from_name(word);
  return type == columnar::Type::string ? std::nullopt : type;
}

}  // namespace

std::size_t QueryParser::name_size(std::size_t ahead) const {
  if (at(TokenKind::identifier, ahead)) return 1;
  if (at(TokenKind::open_square, ahead) && at(TokenKind::string, ahead + 1) && at(TokenKind::close_square, ahead + 2)) {
    return 3;
  }
  return 0;
}

bool QueryParser::at_name(std::size_t ahead) const { return name_size(ahead) > 0; }

bool QueryParser::at_expression() const {
  switch (kind()) {
    case TokenKind::identifier: return !is_reserved(word());
    case TokenKind::string:
    case TokenKind::whole_number:
    case TokenKind::real_number:
    case TokenKind::timespan_number:
    case TokenKind::open_round:
    case TokenKind::open_square:
    case TokenKind::open_curly:
    case TokenKind::minus:
    case TokenKind::plus:
    case TokenKind::star: return true;
    default: return false;
  }
}

Result<Identifier> QueryParser::name(std::string_view what) {
  const SourceSpan span = peek().span;
  if (at(TokenKind::identifier)) {
    Identifier read{std::string(word()), span, false};
    advance();
    return read;
  }
  if (name_size() != 3) return missing(what);
  advance();
  WARDIAN_ASSIGN(const Literal text, string_value());
  WARDIAN_TRY(expect(TokenKind::close_square));
  return Identifier{std::get<std::string>(text.value.held), span_from(span.begin), true};
}

Result<Expr> QueryParser::postfix() {
  WARDIAN_ASSIGN(Expr left, primary());
  for (;;) {
    if (at(TokenKind::dot)) {
      WARDIAN_ASSIGN(left, member_after(std::move(left)));
    } else if (at(TokenKind::open_square) && !std::holds_alternative<Star>(left.node)) {
      const Nesting nesting(*this);
      if (nesting.too_deep()) return too_deep();
      advance();
      WARDIAN_ASSIGN(Expr index, expression());
      if (const auto* called = std::get_if<Call>(&left.node); called != nullptr && at(TokenKind::comma)) {
        // A list after a call: only datatable and externaldata have one.
        constexpr auto kWithList = std::to_array<std::string_view>({"datatable", "externaldata"});
        return Error{ErrorCode::unknown_operator, "Unknown operator: " + called->function.text, called->function.span,
                     did_you_mean(called->function.text, kWithList)};
      }
      WARDIAN_TRY(expect(TokenKind::close_square));
      const SourceSpan span = span_from(left.span.begin);
      const std::size_t height = std::max(left.height, index.height);
      WARDIAN_ASSIGN(left, make(Index{pointer(std::move(left)), pointer(std::move(index))}, span, height));
    } else {
      return left;
    }
  }
}

Result<Expr> QueryParser::member_after(Expr source) {
  advance();
  const std::uint32_t begin = source.span.begin;
  const std::size_t height = source.height;
  if (at(TokenKind::open_square) && !at_name()) {  // a.[0] is a[0]
    const Nesting nesting(*this);
    if (nesting.too_deep()) return too_deep();
    advance();
    WARDIAN_ASSIGN(Expr index, expression());
    WARDIAN_TRY(expect(TokenKind::close_square));
    const std::size_t higher = std::max<std::size_t>(height, index.height);
    return make(Index{pointer(std::move(source)), pointer(std::move(index))}, span_from(begin), higher);
  }
  if (wildcards_ && at_wildcard()) {
    const SourceSpan name_span = peek().span;
    Identifier pattern{take_wildcard(), name_span, false};
    pattern.span = span_from(name_span.begin);
    return make(Member{pointer(std::move(source)), std::move(pattern)}, span_from(begin), height);
  }
  WARDIAN_ASSIGN(Identifier member, name());
  if (!at(TokenKind::open_round) || member.quoted) {
    return make(Member{pointer(std::move(source)), std::move(member)}, span_from(begin), height);
  }
  WARDIAN_ASSIGN(Call called, call(std::move(member)));
  const std::size_t higher = std::max<std::size_t>(height, height_of(called.arguments));
  return make(MemberCall{pointer(std::move(source)), std::move(called)}, span_from(begin), higher);
}

Result<Call> QueryParser::call(Identifier function) {
  const std::uint32_t begin = function.span.begin;
  const bool of_table = function.text == "toscalar" || function.text == "materialize";
  WARDIAN_ASSIGN(std::vector<Expr> given, arguments(of_table));
  return Call{std::move(function), std::move(given), span_from(begin)};
}

Result<Expr> QueryParser::name_or_call() {
  WARDIAN_ASSIGN(Identifier read, name());
  const SourceSpan span = read.span;
  if (!at(TokenKind::open_round)) return make(Name{std::move(read.text), read.quoted}, span);
  WARDIAN_ASSIGN(Call called, call(std::move(read)));
  const SourceSpan whole = called.span;
  const std::size_t height = height_of(called.arguments);
  return make(std::move(called), whole, height);
}

Result<Expr> QueryParser::primary() {
  const SourceSpan span = peek().span;
  switch (kind()) {
    case TokenKind::string:
    case TokenKind::whole_number:
    case TokenKind::real_number:
    case TokenKind::timespan_number: return literal();
    case TokenKind::open_round: return round_brackets();
    case TokenKind::open_square:
      if (!at_name()) return missing("expression", "An array is written dynamic([1, 2]), the name of a column [\"a b\"]");
      return name_or_call();
    case TokenKind::open_curly:
      if (at(TokenKind::identifier, 1) && at(TokenKind::close_curly, 2)) {
        std::string parameter(word(1));
        advance(3);
        return make(ClientParameter{std::move(parameter)}, span_from(span.begin));
      }
      return missing("expression", "A bag is written dynamic({\"a\": 1})");
    case TokenKind::star: advance(); return make(Star{}, span);
    case TokenKind::identifier: {
      if (word() == "typeof" && at(TokenKind::open_round, 1)) return type_of();
      if (word() == "true" || word() == "false" || word() == "True" || word() == "False" || word() == "TRUE" ||
          word() == "FALSE") {
        return literal();
      }
      if (at(TokenKind::open_round, 1)) {
        if (const std::optional<columnar::Type> type = literal_type(word())) return typed_literal(*type);
      }
      if (word() == "entity_group" && at(TokenKind::open_square, 1)) return entity_group();
      if (is_reserved(word()) && !at(TokenKind::dot, 1)) {
        return missing("expression",
                       "To use the keyword " + std::string(word()) + " as a name, write ['" + std::string(word()) + "']");
      }
      return name_or_call();
    }
    default: break;
  }
  return missing("expression");
}

Result<Expr> QueryParser::entity_group() {
  const Nesting nesting(*this);
  if (nesting.too_deep()) return too_deep();
  Identifier group{std::string(word()), peek().span, false};
  advance(2);
  std::vector<Expr> entities;
  do {
    WARDIAN_ASSIGN(Expr entity, expression());
    entities.push_back(std::move(entity));
  } while (take(TokenKind::comma));
  WARDIAN_TRY(expect(TokenKind::close_square));
  const std::size_t height = height_of(entities);
  const SourceSpan span = span_from(group.span.begin);
  return make(Call{std::move(group), std::move(entities), span}, span, height);
}

Result<Expr> QueryParser::round_brackets() {
  const Nesting nesting(*this);
  if (nesting.too_deep()) return too_deep();
  advance();
  WARDIAN_ASSIGN(Expr inner, pipe_expression());
  if (!at(TokenKind::close_round)) return expected(")", connective_hint());
  advance();
  inner.parenthesised = true;
  return inner;
}

Result<Expr> QueryParser::type_of() {
  const std::uint32_t begin = peek().span.begin;
  advance();
  WARDIAN_ASSIGN(Schema read, schema());
  return make(TypeOf{std::move(read)}, span_from(begin));
}

Result<Expr> QueryParser::named_expression() {
  const std::uint32_t begin = peek().span.begin;
  std::vector<Identifier> names;
  bool tuple = false;
  if (at(TokenKind::open_round)) {
    std::size_t ahead = 1;
    while (at_name(ahead)) {
      ahead += name_size(ahead);
      if (!at(TokenKind::comma, ahead)) break;
      ++ahead;
    }
    tuple = ahead > 1 && at(TokenKind::close_round, ahead) && at(TokenKind::assign, ahead + 1);
  }
  if (tuple) {
    do {
      advance();  // the bracket, or a comma
      WARDIAN_ASSIGN(Identifier read, name());
      names.push_back(std::move(read));
    } while (at(TokenKind::comma));
    advance(2);
  } else if (at_name() && at(TokenKind::assign, name_size())) {
    WARDIAN_ASSIGN(Identifier read, name());
    names.push_back(std::move(read));
    advance();
  }
  if (names.empty()) return expression();
  WARDIAN_ASSIGN(Expr value, expression());
  const std::size_t height = value.height;
  return make(Named{std::move(names), pointer(std::move(value)), tuple}, span_from(begin), height);
}

Result<Expr> QueryParser::argument() {
  if (!(at_name() && at(TokenKind::assign, name_size()))) return pipe_expression();
  const std::uint32_t begin = peek().span.begin;
  std::vector<Identifier> names;
  WARDIAN_ASSIGN(Identifier read, name());
  names.push_back(std::move(read));
  advance();
  WARDIAN_ASSIGN(Expr value, pipe_expression());
  const std::size_t height = value.height;
  return make(Named{std::move(names), pointer(std::move(value)), false}, span_from(begin), height);
}

Result<std::vector<Expr>> QueryParser::named_expressions() {
  std::vector<Expr> list;
  do {
    WARDIAN_ASSIGN(Expr read, named_expression());
    list.push_back(std::move(read));
  } while (take(TokenKind::comma));
  return list;
}

Result<std::vector<Expr>> QueryParser::arguments(bool of_table) {
  const Nesting nesting(*this);
  if (nesting.too_deep()) return too_deep();
  WARDIAN_TRY(expect(TokenKind::open_round));
  std::vector<Expr> list;
  if (take(TokenKind::close_round)) return list;
  bool recovered = false;
  do {
    const std::size_t begin = place();
    const std::uint32_t begin_byte = peek().span.begin;
    Result<Expr> read = argument();
    if (read.ok() && !at(TokenKind::comma) && !at(TokenKind::close_round)) read = after_argument(*read, of_table);
    if (!read.ok()) {
      Error mistake = std::move(read).error();
      const std::size_t reached = place(), resumed = resumed_;
      skip(begin, Stops::comma);
      const std::size_t stopped = place();
      const bool ends = at(TokenKind::comma) || at(TokenKind::close_round);
      back_to(reached);
      resumed_ = resumed;
      if (!ends) {                          // a bracket that is never closed: where that argument ends nobody knows
        if (recovered) resumed_ = reached;  // nor whether the mistake before was another
        return mistake;
      }
      recovered = true;
      WARDIAN_TRY(note(std::move(mistake)));
      back_to(stopped);
      resumed_ = stopped;
      read = unreadable(begin_byte);
    }
    WARDIAN_ASSIGN(Expr argument, std::move(read));
    list.push_back(std::move(argument));
  } while (take(TokenKind::comma));
  advance();
  return list;
}

Error QueryParser::after_argument(const Expr& argument, bool of_table) const {
  // f(x | take 5: where few functions take tables, the bracket is missing before the pipe.
  const auto* pipe = of_table || argument.parenthesised ? nullptr : std::get_if<Pipe>(&argument.node);
  if (pipe != nullptr && pipe->source && !at(TokenKind::wrong)) {
    const std::uint32_t end = pipe->source->span.end;
    return wrong_at({end, end}, "Expected: )");
  }
  // Where another value follows, it is the comma that is missing rather than the bracket.
  if (at_word("as")) return expected(")", "Values are converted by tostring(x), tolong(x), toreal(x), todatetime(x), …");
  return expected(at_expression() && !at_operator_keyword() ? "," : ")", connective_hint());
}

bool QueryParser::at_wildcard(std::size_t ahead) const {
  if (at(TokenKind::star, ahead)) return true;
  return at(TokenKind::identifier, ahead) && at(TokenKind::star, ahead + 1) && adjacent(ahead + 1);
}

std::string QueryParser::take_wildcard() {
  std::string pattern(word());
  advance();
  while ((at(TokenKind::star) || at(TokenKind::identifier) || at(TokenKind::whole_number)) &&
         peek().span.begin == end_of_last()) {
    pattern += word();
    advance();
  }
  return pattern;
}

Result<Expr> QueryParser::name_pattern() {
  const SourceSpan span = peek().span;
  if (at_wildcard()) {
    std::string pattern = take_wildcard();
    if (pattern == "*") return make(Star{}, span);
    return make(WildcardName{std::move(pattern)}, span_from(span.begin));
  }
  if (!at_name() || (at(TokenKind::identifier) && is_reserved(word()))) return missing("column name");
  WARDIAN_ASSIGN(Identifier read, name("column name"));
  return make(Name{std::move(read.text), read.quoted}, read.span);
}

Result<std::vector<Expr>> QueryParser::name_patterns() {
  std::vector<Expr> list;
  do {
    WARDIAN_ASSIGN(Expr read, name_pattern());
    list.push_back(std::move(read));
  } while (take(TokenKind::comma));
  return list;
}

}  // namespace wardian::kql::syntax
