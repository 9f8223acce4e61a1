#include <algorithm>

#include "wardian/kql/syntax/query_parser.h"

namespace wardian::kql::syntax {

Result<OperatorNode> QueryParser::print_operator() {
  WARDIAN_ASSIGN(std::vector<Expr> columns, named_expressions());
  return OperatorNode(PrintOperator{std::move(columns)});
}

Result<OperatorNode> QueryParser::range_operator() {
  RangeOperator result;
  WARDIAN_ASSIGN(result.column, name());
  WARDIAN_TRY(expect_word("from"));
  WARDIAN_ASSIGN(result.from, expression_pointer());
  WARDIAN_TRY(expect_word("to"));
  WARDIAN_ASSIGN(result.to, expression_pointer());
  WARDIAN_TRY(expect_word("step"));
  WARDIAN_ASSIGN(result.step, expression_pointer());
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::datatable_operator() {
  DatatableOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({}));
  WARDIAN_ASSIGN(result.schema, schema(true));
  WARDIAN_TRY(expect(TokenKind::open_square));
  while (!at(TokenKind::close_square)) {
    // Values are usually literals; whether an expression is constant is for binding to say.
    WARDIAN_ASSIGN(Expr value, expression());
    result.values.push_back(std::move(value));
    if (!take(TokenKind::comma) && !at(TokenKind::close_square)) return expected(at_expression() ? "," : "]");
  }
  advance();
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::external_data_operator() {
  ExternalDataOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({}));
  WARDIAN_ASSIGN(result.schema, schema());
  WARDIAN_TRY(expect(TokenKind::open_square));
  do {
    WARDIAN_ASSIGN(Expr location, expression());
    result.locations.push_back(std::move(location));
  } while (take(TokenKind::comma));
  WARDIAN_TRY(expect(TokenKind::close_square));
  WARDIAN_ASSIGN(result.properties, properties(true));
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::inline_external_table_operator() {
  InlineExternalTableOperator result;
  if (at(TokenKind::open_round)) {
    WARDIAN_ASSIGN(result.schema, schema());
  }
  WARDIAN_TRY(expect_word("kind"));
  WARDIAN_TRY(expect(TokenKind::assign));
  WARDIAN_ASSIGN(result.kind, name("kind: storage or delta"));
  if (result.kind.text != "delta") {
    const std::uint32_t begin = peek().span.begin;
    if (take_word("partition")) {
      WARDIAN_TRY(expect_word("by"));
      WARDIAN_TRY(skip_brackets());
      result.partitions = span_from(begin);
    }
    if (take_word("pathformat")) {
      WARDIAN_TRY(expect(TokenKind::assign));
      WARDIAN_TRY(skip_brackets());
      result.partitions = span_from(begin);
    }
    WARDIAN_TRY(expect_word("dataformat"));
    WARDIAN_TRY(expect(TokenKind::assign));
    WARDIAN_ASSIGN(result.format, name("format of the files"));
  }
  WARDIAN_TRY(expect(TokenKind::open_round));
  do {
    WARDIAN_ASSIGN(Expr location, expression());
    result.locations.push_back(std::move(location));
  } while (take(TokenKind::comma));
  WARDIAN_TRY(expect(TokenKind::close_round));
  WARDIAN_ASSIGN(result.properties, properties(true));
  return OperatorNode(std::move(result));
}

/// ( … ), whatever is inside: the parts of paths are a language of their own.
Status QueryParser::skip_brackets() {
  WARDIAN_TRY(expect(TokenKind::open_round));
  for (int depth = 1; depth > 0; advance()) {
    if (at(TokenKind::end) || at(TokenKind::wrong)) return expected(")");
    depth += at(TokenKind::open_round) ? 1 : at(TokenKind::close_round) ? -1 : 0;
  }
  return {};
}

Result<std::vector<Expr>> QueryParser::table_patterns() {
  const bool outer = std::exchange(wildcards_, true);
  std::vector<Expr> tables;
  do {
    if (at(TokenKind::open_round) || !at_wildcard()) {
      WARDIAN_ASSIGN(Expr table, table_operand());
      tables.push_back(std::move(table));
    } else {
      WARDIAN_ASSIGN(Expr pattern, name_pattern());
      tables.push_back(std::move(pattern));
    }
  } while (take(TokenKind::comma));
  wildcards_ = outer;
  return tables;
}

Result<OperatorNode> QueryParser::union_operator() {
  UnionOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({"kind", "withsource", "with_source", "isfuzzy"}));
  WARDIAN_ASSIGN(result.tables, table_patterns());
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::find_operator() {
  FindOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({"withsource", "with_source", "datascope"}));
  if (take_word("in")) {
    WARDIAN_TRY(expect(TokenKind::open_round));
    WARDIAN_ASSIGN(result.tables, table_patterns());
    WARDIAN_TRY(expect(TokenKind::close_round));
    if (result.parameters.empty()) {
      WARDIAN_ASSIGN(result.parameters, parameters({"withsource", "with_source", "datascope"}));
    }
    WARDIAN_TRY(expect_word("where"));
  } else if (!take_word("where") && !result.parameters.empty()) {  // find "text" alone needs none
    return expected("where");
  }
  WARDIAN_ASSIGN(result.predicate, expression_pointer());
  std::size_t tokens = 0;
  if (dashed_words(tokens) == "project-smart") {
    advance(tokens);
    result.smart = true;
    return OperatorNode(std::move(result));
  }
  if (take_word("project")) {
    do {
      WARDIAN_ASSIGN(Expr column, expression());
      result.columns.push_back(std::move(column));
    } while (take(TokenKind::comma));
  }
  if (dashed_words(tokens) == "project-away") {
    advance(tokens);
    WARDIAN_ASSIGN(result.columns_away, name_patterns());
  }
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::search_operator() {
  SearchOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({"kind"}));
  if (at_word("in") && at(TokenKind::open_round, 1)) {
    advance(2);
    WARDIAN_ASSIGN(result.tables, table_patterns());
    WARDIAN_TRY(expect(TokenKind::close_round));
  }
  WARDIAN_ASSIGN(result.predicate, expression_pointer());
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::evaluate_operator() {
  EvaluateOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({}));
  WARDIAN_ASSIGN(Identifier plugin, name("plugin name"));
  WARDIAN_ASSIGN(result.plugin, call(std::move(plugin)));
  if (take(TokenKind::colon)) {
    WARDIAN_ASSIGN(Schema declared, schema());
    result.schema = std::move(declared);
  }
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::macro_expand_operator() {
  MacroExpandOperator result;
  const Nesting nesting(*this);
  if (nesting.too_deep()) return too_deep();
  WARDIAN_ASSIGN(result.parameters, parameters({"isfuzzy", "kind"}));
  WARDIAN_ASSIGN(result.group, expression_pointer());
  WARDIAN_TRY(expect_word("as"));
  WARDIAN_ASSIGN(result.scope, name());
  WARDIAN_TRY(expect(TokenKind::open_round));
  FunctionBody body;
  const std::uint32_t begin = peek().span.begin;
  WARDIAN_ASSIGN(body.statements, statements(TokenKind::close_round));
  body.span = span_from(begin);
  advance();
  result.body = std::make_shared<const FunctionBody>(std::move(body));
  return OperatorNode(std::move(result));
}

}  // namespace wardian::kql::syntax
