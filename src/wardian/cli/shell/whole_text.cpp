#include "wardian/cli/shell/whole_text.h"

#include <algorithm>

#include "wardian/cli/shell/declarations.h"
#include "wardian/kql/syntax/lexer.h"
#include "wardian/kql/syntax/parser.h"

namespace wardian::cli {
namespace {

using kql::syntax::TokenKind;

constexpr std::string_view kBlanks = " \t\r\n\f\v";

bool ends_with_empty_line(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t\r");
  return last != std::string_view::npos && text[last] == '\n';
}

}  // namespace

bool is_open(std::string_view text) {
  if (text.size() > kql::syntax::kQueryTextBytesMax) return false;
  const kql::syntax::TokenList list = kql::syntax::lex(text);
  if (std::ranges::find(list.errors, ErrorCode::unclosed, &Error::code) != list.errors.end()) return true;
  int depth = 0;
  TokenKind last = TokenKind::end;
  for (const kql::syntax::Token& token : list.tokens) {
    switch (token.kind) {
      case TokenKind::open_round:
      case TokenKind::open_square:
      case TokenKind::open_curly: ++depth; break;
      case TokenKind::close_round:
      case TokenKind::close_square:
      case TokenKind::close_curly: --depth; break;
      default: break;
    }
    if (token.kind != TokenKind::end) last = token.kind;
  }
  return depth > 0 || last == TokenKind::pipe;
}

bool is_whole(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return true;
  const std::string_view typed = text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
  if (ends_with_empty_line(text) || typed.size() > kql::syntax::kQueryTextBytesMax) return true;
  if (is_open(typed)) return false;
  if (typed.front() == '.') return true;
  if (typed.back() == ';' && !SessionDeclarations::only_declarations(typed).empty()) return true;
  const Result<kql::syntax::QueryTree> tree = kql::syntax::parse_query(typed);
  if (tree.ok() || !tree.error().span) return true;
  // Comments behind the last token are no reason to run.
  const std::vector<kql::syntax::Token> tokens = kql::syntax::lex(typed).tokens;
  return tokens.size() < 2 || tree.error().span->begin < tokens[tokens.size() - 2].span.end;
}

}  // namespace wardian::cli
