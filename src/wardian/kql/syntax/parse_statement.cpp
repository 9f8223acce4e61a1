#include <algorithm>
#include <array>
#include <cctype>

#include "wardian/base/similar_name.h"
#include "wardian/kql/syntax/query_parser.h"

namespace wardian::kql::syntax {
namespace {

/// What a statement may begin with, other than the name of a table.
constexpr auto kFirstWords =
    std::to_array<std::string_view>({"alias", "datatable", "declare", "evaluate", "externaldata", "find", "let", "macro-expand",
                                     "print", "range", "restrict", "search", "set", "union"});

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

}  // namespace

Result<QueryTree> QueryParser::query() {
  if (at(TokenKind::dot)) {
    return wrong_here("Unexpected: .", "A text that begins with a dot is a management command, not a query");
  }
  QueryTree tree;
  WARDIAN_ASSIGN(tree.statements, statements(TokenKind::end));
  return tree;
}

Result<std::vector<Statement>> QueryParser::statements(TokenKind end) {
  struct Closing {  // what ends the statements, for as long as they are read
    TokenKind& kind;
    TokenKind outer;
    ~Closing() { kind = outer; }
  } const closing{closed_by_, std::exchange(closed_by_, end)};
  std::vector<Statement> list;
  while (!at(end)) {
    const std::size_t begin = place();
    const std::uint32_t begin_byte = peek().span.begin;
    Result<Statement> read = statement();
    if (read.ok() && !at(TokenKind::semicolon) && !at(end)) {
      // Of a query or a let with a value, that has been dealt with in statement_pipe().
      WARDIAN_TRY(note(after_statement(begin, true)));
      if (!begins_line() && !begins_statement()) skip(begin, Stops::semicolon);
    } else if (!read.ok()) {
      WARDIAN_TRY(note(std::move(read).error()));
      skip(begin, Stops::semicolon);
      read = Statement{Unreadable{}, span_from(begin_byte)};
      const Token& name = token_at(begin + (text(token_at(begin)) == "let" ? 1 : 0));
      if (text(token_at(begin)) == "let" && name.kind == TokenKind::identifier) {
        WARDIAN_ASSIGN(Expr value, unreadable(begin_byte));
        read->node = LetStatement{{std::string(text(name)), name.span, false}, pointer(std::move(value))};
      }
    }
    WARDIAN_ASSIGN(Statement made, std::move(read));
    list.push_back(std::move(made));
    if (take(TokenKind::semicolon) || at(end)) continue;
    if (at(TokenKind::end) || place() == begin) return expected(token_kind_text(end));
  }
  return list;
}

Error QueryParser::after_statement(std::size_t begin, bool of_let) const {
  // A first word that begins nothing, with more text after it, is more likely a slip in the word than in what follows.
  // A value on a line of its own after a let is more likely the next statement than a part of the value.
  const bool next_line = at_expression() && begins_line() && of_let;
  const Error error = at(TokenKind::end) ? expected(token_kind_text(closed_by_))
                      : next_line        ? expected(";", "let, set and declare end with a ;")
                                         : unexpected_after_query();
  const bool one_word = place() == begin + 1 && !at(TokenKind::wrong) && !at_operator_keyword();
  const Token& first = token_at(begin);
  if (!one_word || of_let || first.kind != TokenKind::identifier) return error;
  const std::string small = lower(text(first));
  std::string hint;
  if (std::ranges::find(kFirstWords, small) != kFirstWords.end())
    hint = "Keywords are written in lower case: " + small;
  else
    hint = did_you_mean(small, kFirstWords);
  if (hint.empty()) return error;
  return Error{ErrorCode::unknown_operator, "Unknown operator: " + std::string(text(first)), first.span, std::move(hint)};
}

Result<Statement> QueryParser::statement() {
  if (at_word("let") && !at(TokenKind::pipe, 1)) return let_statement();
  if (at_word("set") && at_name(1)) return set_statement();
  if (at_word("declare") && at(TokenKind::identifier, 1)) return declare_statement();
  if (at_word("alias") && at_word("database", 1)) return alias_statement();
  if (at_word("restrict") && at_word("access", 1)) return restrict_statement();
  if (at(TokenKind::pipe)) return missing("table", "A query begins with its table: T | where …");
  if (at(TokenKind::identifier) && lower(word()) == "select" && (at(TokenKind::star, 1) || at_name(1))) {
    return Error{ErrorCode::unknown_operator, "Unknown operator: " + std::string(word()), peek().span,
                 "A query begins with its table: T | where … | project …"};
  }
  const std::uint32_t begin = peek().span.begin;
  if (lower(word()) == "with" && at_name(1) && at_word("as", 2)) {
    return Error{ErrorCode::unknown_operator, "Unknown operator: " + std::string(word()), peek().span,
                 "A table gets its name with let: let " + std::string(word(1)) + " = T | where …;"};
  }
  std::size_t tokens = 0;
  if (operator_here(tokens) != nullptr && !at_source_operator() &&
      (at(TokenKind::identifier, tokens) || at(TokenKind::whole_number, tokens))) {
    return missing("table", "A query begins with its table: T | " + std::string(word()) + " …");
  }
  WARDIAN_ASSIGN(Expr expression, statement_pipe(false));
  // What begins in no known way may have been meant to declare something.
  if (std::holds_alternative<Unreadable>(expression.node)) return Statement{Unreadable{}, span_from(begin)};
  return Statement{QueryStatement{std::move(expression)}, span_from(begin)};
}

bool QueryParser::begins_statement() const {
  constexpr auto kOnlyFirst = std::to_array<std::string_view>({"datatable", "externaldata", "print", "range"});
  if (at_word("let") || at_word("set")) return at_name(1);
  if (at_word("declare")) return at(TokenKind::identifier, 1);
  return at_source_operator() && std::ranges::find(kOnlyFirst, word()) != kOnlyFirst.end();
}

Result<Statement> QueryParser::let_statement() {
  const std::uint32_t begin = peek().span.begin;
  advance();
  LetStatement result;
  WARDIAN_ASSIGN(result.name, name());
  if (at(TokenKind::open_round)) return expected("=", "The form is: let name = (a: long) { … }");
  if (!take(TokenKind::assign)) return expected("=", "The form is: let name = value");
  if (at_function_declaration()) {
    WARDIAN_ASSIGN(FunctionDeclaration function, function_declaration());
    result.value = std::move(function);
  } else {
    WARDIAN_ASSIGN(Expr value, statement_pipe(true));
    result.value = pointer(std::move(value));
  }
  return Statement{std::move(result), span_from(begin)};
}

bool QueryParser::at_function_declaration() const {
  std::size_t ahead = at_word("view") && at(TokenKind::open_round, 1) ? 1 : 0;
  if (!at(TokenKind::open_round, ahead)) return false;
  std::size_t open = 0;
  for (;; ++ahead) {
    if (at(TokenKind::open_round, ahead))
      ++open;
    else if (at(TokenKind::close_round, ahead) && --open == 0)
      return at(TokenKind::open_curly, ahead + 1);
    else if (at(TokenKind::end, ahead) || at(TokenKind::semicolon, ahead))
      return false;
  }
}

Result<FunctionDeclaration> QueryParser::function_declaration() {
  const Nesting nesting(*this);
  if (nesting.too_deep()) return too_deep();
  FunctionDeclaration result;
  result.view = take_word("view");
  WARDIAN_ASSIGN(result.parameters, function_parameters());
  WARDIAN_ASSIGN(result.body, function_body());
  return result;
}

Result<std::vector<FunctionParameter>> QueryParser::function_parameters() {
  WARDIAN_TRY(expect(TokenKind::open_round));
  std::vector<FunctionParameter> list;
  if (take(TokenKind::close_round)) return list;
  do {
    WARDIAN_ASSIGN(FunctionParameter read, function_parameter());
    list.push_back(std::move(read));
  } while (take(TokenKind::comma));
  if (!at(TokenKind::close_round)) return expected(at_name() ? "," : ")");
  advance();
  return list;
}

Result<FunctionParameter> QueryParser::function_parameter() {
  FunctionParameter result;
  WARDIAN_ASSIGN(result.name, name("parameter name"));
  if (!at(TokenKind::colon)) return expected(":", "A parameter is written name: type");
  advance();
  if (at(TokenKind::open_round)) {
    WARDIAN_ASSIGN(result.type, schema());
    return result;
  }
  WARDIAN_ASSIGN(result.type, type());
  if (take(TokenKind::assign)) {
    WARDIAN_ASSIGN(Expr value, unary());
    result.default_value = pointer(std::move(value));
  }
  return result;
}

Result<FunctionBody> QueryParser::function_body() {
  const Nesting nesting(*this);
  if (nesting.too_deep()) return too_deep();
  const std::uint32_t begin = peek().span.begin;
  WARDIAN_TRY(expect(TokenKind::open_curly));
  FunctionBody result;
  WARDIAN_ASSIGN(result.statements, statements(TokenKind::close_curly));
  advance();
  result.span = span_from(begin);
  for (std::size_t i = 0; i + 1 < result.statements.size(); ++i) {
    if (std::holds_alternative<QueryStatement>(result.statements[i].node)) {
      return wrong_at(result.statements[i].span, "A function has one result: only its last statement may be a query",
                      "Give the table a name with let");
    }
  }
  if (!result.statements.empty()) {
    if (auto* last = std::get_if<QueryStatement>(&result.statements.back().node)) {
      result.result = pointer(std::move(last->expression));
      result.statements.pop_back();
    }
  }
  return result;
}

Result<Statement> QueryParser::set_statement() {
  const std::uint32_t begin = peek().span.begin;
  advance();
  SetStatement result;
  WARDIAN_ASSIGN(result.name, name());
  if (take(TokenKind::assign)) {
    WARDIAN_ASSIGN(Expr value, parameter_value());
    result.value = pointer(std::move(value));
  }
  return Statement{std::move(result), span_from(begin)};
}

Result<Statement> QueryParser::declare_statement() {
  const std::uint32_t begin = peek().span.begin;
  advance();
  if (at_word("pattern")) return declare_pattern();
  WARDIAN_TRY(expect_word("query_parameters"));
  WARDIAN_ASSIGN(std::vector<FunctionParameter> parameters, function_parameters());
  return Statement{DeclareQueryParameters{std::move(parameters)}, span_from(begin)};
}

Result<Statement> QueryParser::declare_pattern() {
  const std::uint32_t begin = peek().span.begin;
  advance();
  DeclarePattern result;
  WARDIAN_ASSIGN(result.name, name());
  if (take(TokenKind::assign)) {
    WARDIAN_ASSIGN(result.parameters, function_parameters());
    if (take(TokenKind::open_square)) {
      WARDIAN_ASSIGN(FunctionParameter path, function_parameter());
      result.path = std::move(path);
      WARDIAN_TRY(expect(TokenKind::close_square));
    }
    WARDIAN_TRY(expect(TokenKind::open_curly));
    while (!at(TokenKind::close_curly)) {
      PatternMatch match;
      WARDIAN_ASSIGN(match.arguments, arguments());
      if (take(TokenKind::dot)) {
        WARDIAN_TRY(expect(TokenKind::open_square));
        WARDIAN_ASSIGN(match.path, expression_pointer());
        WARDIAN_TRY(expect(TokenKind::close_square));
      }
      WARDIAN_TRY(expect(TokenKind::assign));
      WARDIAN_ASSIGN(match.body, function_body());
      result.matches.push_back(std::move(match));
      if (!take(TokenKind::semicolon) && !at(TokenKind::close_curly)) return expected(";");
    }
    advance();
  }
  return Statement{std::move(result), span_from(begin)};
}

Result<Statement> QueryParser::alias_statement() {
  const std::uint32_t begin = peek().span.begin;
  advance(2);
  AliasDatabase result;
  WARDIAN_ASSIGN(result.name, name());
  WARDIAN_TRY(expect(TokenKind::assign));
  WARDIAN_ASSIGN(result.database, expression_pointer());
  return Statement{std::move(result), span_from(begin)};
}

Result<Statement> QueryParser::restrict_statement() {
  const std::uint32_t begin = peek().span.begin;
  advance(2);
  WARDIAN_TRY(expect_word("to"));
  WARDIAN_TRY(expect(TokenKind::open_round));
  WARDIAN_ASSIGN(std::vector<Expr> entities, table_patterns());
  WARDIAN_TRY(expect(TokenKind::close_round));
  return Statement{RestrictAccess{std::move(entities)}, span_from(begin)};
}

Result<Expr> QueryParser::standalone_expression() {
  WARDIAN_ASSIGN(Expr read, expression());
  if (!at(TokenKind::end)) return unexpected_after_query();
  return read;
}

}  // namespace wardian::kql::syntax
