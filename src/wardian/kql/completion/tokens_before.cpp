#include "wardian/kql/completion/tokens_before.h"

#include <algorithm>

#include "wardian/base/error_list.h"
#include "wardian/kql/syntax/lexer.h"

namespace wardian::kql {
namespace {

using syntax::Token;
using syntax::TokenKind;

bool is_letter(char c) { return c == '_' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z'); }

/// Whether the text, which holds no token, ends within a comment.
bool ends_in_comment(std::string_view text, bool begins_text) {
  const std::size_t line = text.rfind('\n');
  const std::string_view last = text.substr(line == std::string_view::npos ? 0 : line + 1);
  if (last.find("//") != std::string_view::npos) return true;
  return last.starts_with('#') && (line != std::string_view::npos || begins_text);
}

/// The letters right before the cursor, with the mark that some names begin with.
std::size_t word_begin(std::string_view text, std::size_t cursor) {
  std::size_t begin = cursor;
  while (begin > 0 && is_letter(text[begin - 1])) --begin;
  if (begin > 0 && (text[begin - 1] == '$' || text[begin - 1] == '!')) --begin;
  constexpr std::string_view kHint = "hint.";
  if (text.substr(0, begin).ends_with(kHint) && (begin == kHint.size() || !is_letter(text[begin - kHint.size() - 1])))
    begin -= kHint.size();
  return begin;
}

}  // namespace

std::size_t TokensBefore::dashed(std::size_t at, std::size_t end) const {
  if (at >= end || tokens[at].kind != TokenKind::identifier) return 0;
  std::size_t count = 1;
  while (at + count + 1 < end && tokens[at + count].kind == TokenKind::minus &&
         tokens[at + count + 1].kind == TokenKind::identifier && adjacent(at + count - 1) && adjacent(at + count))
    count += 2;
  return count;
}

TokensBefore tokens_before(std::string_view text, std::size_t cursor) {
  TokensBefore made;
  made.text = text;
  made.cursor = std::min(cursor, text.size());
  made.word_begin = word_begin(text, made.cursor);
  const std::string_view before = text.substr(0, made.word_begin);
  const syntax::TokenList list = syntax::lex(before);
  std::size_t wrong = 0;
  for (const Token& token : list.tokens) {
    if (token.kind != TokenKind::end && token.kind != TokenKind::wrong) made.tokens.push_back(token);
    if (token.kind != TokenKind::wrong || list.errors[wrong++].code != ErrorCode::unclosed) continue;
    // A quote that was left open on a line above is a slip; on this line, or by a fence, the cursor is in it.
    const std::size_t quote = before.find_first_of("\"'`~", made.tokens.empty() ? 0 : made.tokens.back().span.end);
    const bool fence = quote != std::string_view::npos && (before[quote] == '`' || before[quote] == '~');
    made.in_text = fence || before.find('\n', quote) == std::string_view::npos;
    if (made.in_text) return made;
  }
  if (wrong >= ErrorList::kMost) made.in_text = true;  // it was not read to its end
  if (made.in_text) return made;
  const std::size_t last = made.tokens.empty() ? 0 : made.tokens.back().span.end;
  made.in_text = ends_in_comment(before.substr(last), made.tokens.empty());
  const std::string_view word = made.word();
  if (!word.empty() && word.front() >= '0' && word.front() <= '9') made.in_text = true;
  return made;
}

}  // namespace wardian::kql
