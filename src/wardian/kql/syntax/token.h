#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "wardian/base/error.h"
#include "wardian/base/source_span.h"

namespace wardian::kql::syntax {

enum class TokenKind : std::uint8_t {
  end,
  wrong,            // what no token begins with, or a string that never ends; TokenList::error tells
  identifier,       // also keywords (the parser tells by place), `$left`, and `in~`
  bang_identifier,  // !in, !has_cs, !between, !in~
  string,           // with prefix and quotes
  whole_number,     // 12, 0x1F
  real_number,      // 1.5, 1e5
  timespan_number,  // 10ms, 1.5h
  open_round,
  close_round,
  open_square,
  close_square,
  open_curly,
  close_curly,
  comma,
  semicolon,
  colon,
  dot,
  dot_dot,
  pipe,
  assign,
  arrow /* => */,
  query_follows /* <| */,
  equal,
  not_equal,
  equal_ignoring_case,
  not_equal_ignoring_case,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  plus,
  minus,
  star,
  slash,
  percent,
};

struct Token {
  TokenKind kind = TokenKind::end;
  SourceSpan span;
};

/// The tokens of a text, an `end` last. The parser reports the error of a wrong token when, and only when, it gets there:
/// what else is read as wrong often follows from a mistake before it.
struct TokenList {
  std::vector<Token> tokens;
  std::vector<Error> errors;  // of the wrong tokens, in their order
};

/// "=>", "name", …: a token of the kind as messages name it.
std::string_view token_kind_text(TokenKind kind);

}  // namespace wardian::kql::syntax
