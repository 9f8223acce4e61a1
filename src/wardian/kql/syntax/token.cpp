#include "wardian/kql/syntax/token.h"

namespace wardian::kql::syntax {

std::string_view token_kind_text(TokenKind kind) {
  switch (kind) {
    case TokenKind::end: return "end of text";
    case TokenKind::wrong: return "wrong text";
    case TokenKind::identifier: return "name";
    case TokenKind::bang_identifier: return "operator";
    case TokenKind::string: return "string";
    case TokenKind::whole_number:
    case TokenKind::real_number: return "number";
    case TokenKind::timespan_number: return "timespan";
    case TokenKind::open_round: return "(";
    case TokenKind::close_round: return ")";
    case TokenKind::open_square: return "[";
    case TokenKind::close_square: return "]";
    case TokenKind::open_curly: return "{";
    case TokenKind::close_curly: return "}";
    case TokenKind::comma: return ",";
    case TokenKind::semicolon: return ";";
    case TokenKind::colon: return ":";
    case TokenKind::dot: return ".";
    case TokenKind::dot_dot: return "..";
    case TokenKind::pipe: return "|";
    case TokenKind::assign: return "=";
    case TokenKind::arrow: return "=>";
    case TokenKind::query_follows: return "<|";
    case TokenKind::equal: return "==";
    case TokenKind::not_equal: return "!=";
    case TokenKind::equal_ignoring_case: return "=~";
    case TokenKind::not_equal_ignoring_case: return "!~";
    case TokenKind::less: return "<";
    case TokenKind::less_or_equal: return "<=";
    case TokenKind::greater: return ">";
    case TokenKind::greater_or_equal: return ">=";
    case TokenKind::plus: return "+";
    case TokenKind::minus: return "-";
    case TokenKind::star: return "*";
    case TokenKind::slash: return "/";
    case TokenKind::percent: return "%";
  }
  return "token";
}

}  // namespace wardian::kql::syntax
