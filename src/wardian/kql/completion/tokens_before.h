#pragma once

#include <string_view>
#include <vector>

#include "wardian/kql/syntax/token.h"

namespace wardian::kql {

/// The tokens of a text up to the cursor, without the letters that the cursor stands behind. What is no token is passed over.
struct TokensBefore {
  std::string_view text;  // the whole one
  std::vector<syntax::Token> tokens;
  std::size_t word_begin = 0;  // of those letters; the cursor where there are none
  std::size_t cursor = 0;
  bool in_text = false;  // within a comment, a string or a number: nothing is completed

  std::string_view word() const { return text.substr(word_begin, cursor - word_begin); }
  std::string_view of(std::size_t at) const { return slice(tokens[at].span.begin, tokens[at].span.end); }
  std::string_view slice(std::size_t begin, std::size_t end) const { return text.substr(begin, end - begin); }
  bool is(std::size_t at, syntax::TokenKind kind) const { return at < tokens.size() && tokens[at].kind == kind; }
  bool is_word(std::size_t at, std::string_view word) const { return is(at, syntax::TokenKind::identifier) && of(at) == word; }
  /// No blank between the token and the one behind it.
  bool adjacent(std::size_t at) const { return at + 1 < tokens.size() && tokens[at].span.end == tokens[at + 1].span.begin; }
  /// Words that belong together by dashes, as "project-away", from `at` to before `end`; how many tokens.
  std::size_t dashed(std::size_t at, std::size_t end) const;
};

TokensBefore tokens_before(std::string_view text, std::size_t cursor);

}  // namespace wardian::kql
