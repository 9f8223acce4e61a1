#include "wardian/kql/syntax/query_parser.h"

namespace wardian::kql::syntax {

Result<OperatorNode> QueryParser::parse_operator() { return parse_with(false); }
Result<OperatorNode> QueryParser::parse_where_operator() { return parse_with(true); }

Result<OperatorNode> QueryParser::parse_with(bool drop_unmatched) {
  ParseOperator result;
  result.drop_unmatched = drop_unmatched;
  WARDIAN_ASSIGN(result.parameters, parameters({"kind", "flags"}));
  WARDIAN_ASSIGN(result.source, expression_pointer());
  WARDIAN_TRY(expect_word("with"));
  for (;;) {
    const std::uint32_t begin = peek().span.begin;
    ParsePart part;
    if (take(TokenKind::star)) {
      part.node = ParseStar{};
    } else if (at(TokenKind::string)) {
      WARDIAN_ASSIGN(Literal text, string_value());
      part.node = ParseText{std::move(text)};
    } else if (at_name() && !(at_operator_keyword() && result.pattern.empty())) {
      ParseColumn column;
      WARDIAN_ASSIGN(column.name, name("column name"));
      if (take(TokenKind::colon)) {
        WARDIAN_ASSIGN(column.type, type());
      }
      part.node = std::move(column);
    } else {
      break;
    }
    part.span = span_from(begin);
    result.pattern.push_back(std::move(part));
    take(TokenKind::comma);
  }
  if (result.pattern.empty())
    return missing("pattern", "A pattern is made of *, \"text\" and column names: with * \"id=\" id: long");
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::parse_kv_operator() {
  ParseKvOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({}));
  WARDIAN_ASSIGN(result.source, expression_pointer());
  WARDIAN_TRY(expect_word("as"));
  WARDIAN_ASSIGN(result.keys, schema());
  WARDIAN_ASSIGN(result.properties, properties());
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::scan_operator() {
  ScanOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({"kind", "with_match_id", "with_step_name"}));
  if (at_word("order") && at_word("by", 1)) {
    advance(2);
    do {
      WARDIAN_ASSIGN(SortKey key, sort_key());
      result.order_by.push_back(std::move(key.key));
    } while (take(TokenKind::comma));
  }
  if (at_word("partition") && at_word("by", 1)) {
    advance(2);
    do {
      WARDIAN_ASSIGN(Expr key, expression());
      result.partition_by.push_back(std::move(key));
    } while (take(TokenKind::comma));
  }
  if (take_word("declare")) {
    WARDIAN_TRY(expect(TokenKind::open_round));
    do {
      ScanVariable variable;
      WARDIAN_ASSIGN(variable.name, name());
      WARDIAN_TRY(expect(TokenKind::colon));
      WARDIAN_ASSIGN(variable.type, type());
      if (take(TokenKind::assign)) {
        WARDIAN_ASSIGN(variable.default_value, expression_pointer());
      }
      result.variables.push_back(std::move(variable));
    } while (take(TokenKind::comma));
    WARDIAN_TRY(expect(TokenKind::close_round));
  }
  WARDIAN_TRY(expect_word("with"));
  WARDIAN_TRY(expect(TokenKind::open_round));
  while (!at(TokenKind::close_round)) {
    WARDIAN_TRY(expect_word("step"));
    ScanStep step;
    WARDIAN_ASSIGN(step.name, name("step name"));
    step.optional = take_word("optional");
    if (at_word("output") && at(TokenKind::assign, 1)) {
      advance(2);
      if (take_word("all"))
        step.output = ScanOutput::all;
      else if (take_word("last"))
        step.output = ScanOutput::last;
      else if (take_word("none"))
        step.output = ScanOutput::none;
      else
        return expected("all, last or none");
    }
    WARDIAN_TRY(expect(TokenKind::colon));
    WARDIAN_ASSIGN(step.condition, expression_pointer());
    if (take(TokenKind::arrow)) {
      WARDIAN_ASSIGN(step.assignments, named_expressions());
    }
    if (!at(TokenKind::semicolon)) return expected(";");
    advance();
    result.steps.push_back(std::move(step));
  }
  if (result.steps.empty()) return expected("step");
  advance();
  return OperatorNode(std::move(result));
}

}  // namespace wardian::kql::syntax
