#include <algorithm>

#include "wardian/kql/syntax/query_parser.h"

namespace wardian::kql::syntax {

Result<OperatorNode> QueryParser::summarize_operator() {
  SummarizeOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({}));
  if (!at_word("by")) {
    if (!at_expression()) return missing("aggregate", "For example: summarize count() by a");
    WARDIAN_ASSIGN(result.aggregates, named_expressions());
  }
  if (at(TokenKind::identifier) && at_expression() && !at_operator_keyword() && !begins_line() && connective_hint().empty())
    return expected(",", "Is by missing? summarize count() by a");
  if (take_word("by")) {
    result.has_by = true;
    WARDIAN_ASSIGN(result.keys, named_expressions());
  }
  if (result.has_by && at_word("bin") && at(TokenKind::assign, 1)) {  // `by t bin=1h`, of old for `by bin(t, 1h)`
    Identifier bin{"bin", peek().span, false};
    advance(2);
    WARDIAN_ASSIGN(Expr width, expression());
    const SourceSpan span = span_from(result.keys.back().span.begin);
    const std::size_t height = std::max(result.keys.back().height, width.height);
    std::vector<Expr> arguments;
    arguments.push_back(std::move(result.keys.back()));
    arguments.push_back(std::move(width));
    WARDIAN_ASSIGN(result.keys.back(), make(Call{std::move(bin), std::move(arguments), span}, span, height));
  }
  return OperatorNode(std::move(result));
}

Status QueryParser::sort_order(SortKey& key) {
  if (take_word("asc"))
    key.order = SortOrder::ascending;
  else if (take_word("desc"))
    key.order = SortOrder::descending;
  else {
    std::size_t tokens = 0;
    const std::string_view words = dashed_words(tokens);
    if (words == "granny-asc") key.order = SortOrder::granny_ascending;
    if (words == "granny-desc") key.order = SortOrder::granny_descending;
    if (key.order) advance(tokens);
  }
  if (!take_word("nulls")) return {};
  if (take_word("first"))
    key.nulls_first = true;
  else if (take_word("last"))
    key.nulls_first = false;
  else
    return expected("first or last");
  return {};
}

Result<SortKey> QueryParser::sort_key() {
  WARDIAN_ASSIGN(Expr key, named_expression());
  SortKey result{std::move(key), std::nullopt, std::nullopt};
  WARDIAN_TRY(sort_order(result));
  return result;
}

Result<OperatorNode> QueryParser::sort_operator() {
  SortOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({}));
  if (!take_word("by")) return expected("by", "The form is: sort by a desc");
  do {
    WARDIAN_ASSIGN(SortKey key, sort_key());
    result.keys.push_back(std::move(key));
  } while (take(TokenKind::comma));
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::top_operator() {
  TopOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({}));
  WARDIAN_ASSIGN(result.count, expression_pointer());
  if (!take_word("by")) return expected("by", "The form is: top 10 by a desc; take 10 takes any rows");
  WARDIAN_ASSIGN(SortKey key, sort_key());
  result.keys.push_back(std::move(key));
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::top_hitters_operator() {
  TopHittersOperator result;
  WARDIAN_ASSIGN(result.count, expression_pointer());
  WARDIAN_TRY(expect_word("of"));
  WARDIAN_ASSIGN(result.of, expression_pointer());
  if (take_word("by")) {
    WARDIAN_ASSIGN(result.by, expression_pointer());
  }
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::top_nested_operator() {
  TopNestedOperator result;
  for (;;) {
    TopNestedLevel level;
    if (!at_word("of")) {
      WARDIAN_ASSIGN(level.count, expression_pointer());
    }
    WARDIAN_TRY(expect_word("of"));
    WARDIAN_ASSIGN(Expr of, named_expression());
    level.of = pointer(std::move(of));
    if (at_word("with") && at_word("others", 1)) {
      advance(2);
      WARDIAN_TRY(expect(TokenKind::assign));
      WARDIAN_ASSIGN(level.others, expression_pointer());
    }
    WARDIAN_TRY(expect_word("by"));
    WARDIAN_ASSIGN(level.by, sort_key());
    result.levels.push_back(std::move(level));
    if (!take(TokenKind::comma)) break;
    std::size_t tokens = 0;
    if (dashed_words(tokens) != "top-nested") return expected("top-nested");
    advance(tokens);
  }
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::make_series_operator() {
  MakeSeriesOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({"kind"}));
  do {
    WARDIAN_ASSIGN(Expr value, named_expression());
    SeriesAggregate aggregate{std::move(value), nullptr};
    if (at_word("default") && at(TokenKind::assign, 1)) {
      advance(2);
      WARDIAN_ASSIGN(aggregate.default_, expression_pointer());
    }
    result.aggregates.push_back(std::move(aggregate));
  } while (take(TokenKind::comma));
  WARDIAN_TRY(expect_word("on"));
  const std::uint32_t begin = peek().span.begin;
  std::vector<Identifier> names;
  if (at_name() && at(TokenKind::assign, name_size())) {
    WARDIAN_ASSIGN(Identifier read, name());
    names.push_back(std::move(read));
    advance();
  }
  WARDIAN_ASSIGN(Expr on, additive());  // not expression(): `in` follows
  if (!names.empty()) {
    const std::size_t height = on.height;
    WARDIAN_ASSIGN(on, make(Named{std::move(names), pointer(std::move(on))}, span_from(begin), height));
  }
  result.on = pointer(std::move(on));
  if (at_word("in") && at_word("range", 1)) {
    advance(2);
    result.in_range = true;
    WARDIAN_TRY(expect(TokenKind::open_round));
    WARDIAN_ASSIGN(result.from, expression_pointer());
    WARDIAN_TRY(expect(TokenKind::comma));
    WARDIAN_ASSIGN(result.to, expression_pointer());
    WARDIAN_TRY(expect(TokenKind::comma));
    WARDIAN_ASSIGN(result.step, expression_pointer());
    WARDIAN_TRY(expect(TokenKind::close_round));
  } else {
    if (take_word("from")) {
      WARDIAN_ASSIGN(result.from, expression_pointer());
    }
    if (take_word("to")) {
      WARDIAN_ASSIGN(result.to, expression_pointer());
    }
    WARDIAN_TRY(expect_word("step"));
    WARDIAN_ASSIGN(result.step, expression_pointer());
  }
  if (take_word("by")) {
    WARDIAN_ASSIGN(result.keys, named_expressions());
  }
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::reduce_operator() {
  ReduceOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({"kind"}));
  WARDIAN_TRY(expect_word("by"));
  WARDIAN_ASSIGN(result.by, expression_pointer());
  if (at_word("with") && at(TokenKind::open_round, 1)) {
    WARDIAN_ASSIGN(result.properties, properties());
  } else if (take_word("with")) {
    do {
      WARDIAN_ASSIGN(Parameter read, parameter());
      result.properties.push_back(std::move(read));
    } while (take(TokenKind::comma));
  }
  return OperatorNode(std::move(result));
}

}  // namespace wardian::kql::syntax
