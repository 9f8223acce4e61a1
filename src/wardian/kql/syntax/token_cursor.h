#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "wardian/base/result.h"
#include "wardian/kql/syntax/token.h"

namespace wardian::kql::syntax {

/// Walks over the tokens of one text and words the errors of what is not there.
class TokenCursor {
 public:
  TokenCursor(std::string_view text, TokenList list) : text_(text), list_(std::move(list)) {}

  const Token& peek(std::size_t ahead = 0) const {
    const std::size_t last = list_.tokens.size() - 1;
    return list_.tokens[at_ + ahead < last ? at_ + ahead : last];
  }
  TokenKind kind(std::size_t ahead = 0) const { return peek(ahead).kind; }
  std::string_view text(const Token& token) const { return text_.substr(token.span.begin, token.span.end - token.span.begin); }
  std::string_view text(SourceSpan span) const { return text_.substr(span.begin, span.end - span.begin); }
  std::string_view whole_text() const { return text_; }
  /// The text of the token, "" at the end.
  std::string_view word(std::size_t ahead = 0) const { return text(peek(ahead)); }

  bool at(TokenKind expected, std::size_t ahead = 0) const { return kind(ahead) == expected; }
  bool at_word(std::string_view expected, std::size_t ahead = 0) const {
    return kind(ahead) == TokenKind::identifier && word(ahead) == expected;
  }
  /// No blank between the token and the one before it.
  bool adjacent(std::size_t ahead) const { return peek(ahead).span.begin == peek(ahead - 1).span.end; }

  /// The text of the token before.
  std::string_view last_word() const { return at_ == 0 ? std::string_view() : text(list_.tokens[at_ - 1]); }
  /// The token is the first of its line.
  bool begins_line() const {
    return text_.substr(end_of_last(), peek().span.begin - end_of_last()).find('\n') != std::string_view::npos;
  }

  void advance(std::size_t count = 1) {
    at_ += count;
    if (at_ >= list_.tokens.size()) at_ = list_.tokens.size() - 1;
  }
  /// Moves past every token that begins before the byte.
  void advance_to(std::uint32_t byte) {
    while (!at(TokenKind::end) && !at(TokenKind::wrong) && peek().span.begin < byte) advance();
  }
  bool take(TokenKind expected) {
    if (!at(expected)) return false;
    advance();
    return true;
  }
  bool take_word(std::string_view expected) {
    if (!at_word(expected)) return false;
    advance();
    return true;
  }
  Status expect(TokenKind expected);
  Status expect_word(std::string_view expected);

  std::size_t place() const { return at_; }
  const Token& token_at(std::size_t place) const { return list_.tokens[place]; }
  void back_to(std::size_t place) { at_ = place; }
  std::uint32_t end_of_last() const { return at_ == 0 ? 0 : list_.tokens[at_ - 1].span.end; }
  SourceSpan span_from(std::uint32_t begin) const { return {begin, begin > end_of_last() ? begin : end_of_last()}; }

  /// "Expected: )", at the present token; where that begins another line, at the end of the token before, since that is
  /// where the text would be mended.
  Error expected(std::string_view what, std::string hint = {}) const;
  /// "Missing expression" at the same place.
  Error missing(std::string_view what, std::string hint = {}) const;
  /// A syntax error at the present token.
  Error wrong_here(std::string message, std::string hint = {}) const;
  Error wrong_at(SourceSpan span, std::string message, std::string hint = {}) const;
  /// The error of the first wrong token; null: there is none.
  const Error* first_wrong() const { return list_.errors.empty() ? nullptr : &list_.errors.front(); }

 private:
  Error lexical_or(Error error) const;
  SourceSpan gap() const;

  std::string_view text_;
  TokenList list_;
  std::size_t at_ = 0;
};

}  // namespace wardian::kql::syntax
