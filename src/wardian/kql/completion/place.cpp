#include "wardian/kql/completion/place.h"

#include <algorithm>
#include <array>

#include "wardian/kql/completion/operator_words.h"

namespace wardian::kql {
namespace {

using syntax::TokenKind;

bool opens(TokenKind kind) {
  return kind == TokenKind::open_round || kind == TokenKind::open_square || kind == TokenKind::open_curly;
}
bool closes(TokenKind kind) {
  return kind == TokenKind::close_round || kind == TokenKind::close_square || kind == TokenKind::close_curly;
}

/// Calls and operators whose brackets hold a table.
constexpr auto kTakesTable = std::to_array<std::string_view>(
    {"!in", "!in~", "has_all", "has_any", "in", "in~", "materialize", "table", "toscalar", "view"});
static_assert(std::ranges::is_sorted(kTakesTable));

/// What the bracket at token `at` holds, by what stands before it.
BracketKind kind_of(const TokensBefore& tokens, const Bracket& outer, std::size_t at) {
  const TokenKind open = tokens.tokens[at].kind;
  const bool named = at > 0 && (tokens.is(at - 1, TokenKind::identifier) || tokens.is(at - 1, TokenKind::bang_identifier));
  const std::string_view before = at > 0 ? tokens.of(at - 1) : std::string_view();
  if (open == TokenKind::open_curly) {
    const bool body = at > 0 && (tokens.is(at - 1, TokenKind::close_round) || tokens.is(at - 1, TokenKind::assign));
    return body ? BracketKind::body : BracketKind::group;
  }
  if (open == TokenKind::open_square) return BracketKind::group;
  if (before == "typeof") return BracketKind::call;
  std::size_t size = 0;
  const std::size_t segment = outer.segment();
  const std::string_view name = outer.is_transparent() ? std::string_view() : operator_at(tokens, segment, at, size);
  const auto has = [&](std::string_view word) {
    for (std::size_t each = segment; each < at; ++each)
      if (tokens.is_word(each, word)) return true;
    return false;
  };
  if (name == "fork") return BracketKind::piped;
  if (name == "facet" && before == "with") return BracketKind::piped;
  if ((name == "mv-apply" || name == "mvapply") && before == "on") return BracketKind::piped;
  if (name == "partition" && has("by") && before != "by" && !tokens.is(at - 1, TokenKind::comma)) return BracketKind::piped;
  if ((name == "join" || name == "lookup") && !has("on")) return BracketKind::source;
  if (name == "union" || name == "macro-expand") return BracketKind::source;
  if ((name == "find" || name == "search") && before == "in") return BracketKind::source;
  if (named && std::ranges::binary_search(kTakesTable, before)) return BracketKind::source;
  // A word of the operator is no function: "by (", "on (", "as (", "with (".
  const auto& items = operator_items(name);
  const auto is_item = [&](const OperatorItem& item) { return item.kind == OperatorItem::Kind::word && item.text == before; };
  if (named && at - segment > size && std::ranges::none_of(items, is_item) && before != "and" && before != "or")
    return BracketKind::call;
  if (named && (name.empty() || outer.is_transparent()) && before != "and" && before != "or" && before != "by")
    return BracketKind::call;
  return BracketKind::group;
}

/// `let NAME =` at the statement's beginning: what follows is a pipeline.
std::size_t source_of(const TokensBefore& tokens, std::size_t statement) {
  const bool let = tokens.is_word(statement, "let") && tokens.is(statement + 2, TokenKind::assign);
  return let ? statement + 3 : statement;
}

}  // namespace

std::size_t Place::pipeline() const {
  std::size_t at = brackets.size() - 1;
  while (at > 0 && brackets[at].is_transparent()) --at;
  return at;
}

std::string_view operator_at(const TokensBefore& tokens, std::size_t begin, std::size_t end, std::size_t& size) {
  size = tokens.dashed(begin, std::min(end, tokens.tokens.size()));
  if (size == 0) return {};
  const std::string_view name = tokens.slice(tokens.tokens[begin].span.begin, tokens.tokens[begin + size - 1].span.end);
  return operator_items(name).empty() && name != "consume" && name != "getschema" ? std::string_view() : name;
}

Place find_place(const TokensBefore& tokens) {
  Place place;
  place.brackets.emplace_back();
  place.brackets.back().source = source_of(tokens, 0);
  for (std::size_t at = 0; at < tokens.tokens.size(); ++at) {
    const TokenKind kind = tokens.tokens[at].kind;
    Bracket& top = place.brackets.back();
    if (opens(kind)) {
      Bracket inner;
      inner.kind = kind_of(tokens, top, at);
      inner.opened = at;
      if (inner.kind == BracketKind::call) inner.name = tokens.of(at - 1);
      inner.statements = {at + 1};
      inner.source = source_of(tokens, at + 1);
      place.brackets.push_back(std::move(inner));
    } else if (closes(kind)) {
      if (place.brackets.size() > 1) place.brackets.pop_back();
    } else if (kind == TokenKind::pipe) {
      top.pipes.push_back(at);
    } else if (kind == TokenKind::semicolon) {
      top.statements.push_back(at + 1);
      top.source = source_of(tokens, at + 1);
      top.pipes.clear();
    }
  }
  return place;
}

}  // namespace wardian::kql
