#include "wardian/kql/syntax/parser.h"

#include "wardian/kql/syntax/lexer.h"
#include "wardian/kql/syntax/query_parser.h"

namespace wardian::kql::syntax {
namespace {

Status check_size(std::string_view text) {
  if (text.size() <= kQueryTextBytesMax) return {};
  return Error{
      ErrorCode::text_too_long,
      "The text is too long: " + std::to_string(text.size()) + " bytes, of at most " + std::to_string(kQueryTextBytesMax),
      std::nullopt, "Load the data into a table, or pass it with --table"};
}

}  // namespace

Result<QueryTree> parse_query(std::string_view text) {
  ReadQuery read = read_query(text);
  if (!read.errors.empty()) return std::move(read.errors).joined();
  return std::move(read.tree);
}

ReadQuery read_query(std::string_view text) {
  ReadQuery made;
  if (Status fits = check_size(text); !fits.ok()) {
    made.errors.add(std::move(fits).error());
    return made;
  }
  QueryParser parser(text, lex(text));
  Result<QueryTree> tree = parser.whole_query(made.errors);
  if (tree.ok()) {
    made.tree = std::move(*tree);
  } else {
    made.errors.add(std::move(tree).error());
  }
  // Reading passes no wrong token without a word, unless it skips it behind another mistake.
  if (const Error* wrong = parser.first_wrong(); wrong != nullptr && made.errors.empty()) made.errors.add(*wrong);
  return made;
}

Result<FunctionDeclaration> parse_stored_function(std::string_view parameters, std::string_view body) {
  WARDIAN_TRY(check_size(parameters));
  WARDIAN_TRY(check_size(body));
  FunctionDeclaration result;
  QueryParser first(parameters, lex(parameters));
  WARDIAN_ASSIGN(result.parameters, first.function_parameters());
  if (!first.at(TokenKind::end)) return first.expected("end of the parameters");
  QueryParser second(body, lex(body));
  WARDIAN_ASSIGN(result.body, second.function_body());
  if (!second.at(TokenKind::end)) return second.expected("end of the body");
  return result;
}

Result<Expr> parse_scalar_expression(std::string_view text) {
  WARDIAN_TRY(check_size(text));
  return QueryParser(text, lex(text)).standalone_expression();
}

bool is_command(std::string_view text) {
  const TokenList list = lex(text.substr(0, 4096));
  return list.tokens.front().kind == TokenKind::dot;
}

}  // namespace wardian::kql::syntax
