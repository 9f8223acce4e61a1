#include "wardian/kql/syntax/query_parser.h"

// Arrows are not tokens: outside patterns `a<-b` and `a--b` are arithmetic. They are read from their characters here.

namespace wardian::kql::syntax {

Result<OperatorNode> QueryParser::make_graph_operator() {
  MakeGraphOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({}));
  WARDIAN_ASSIGN(Expr source, postfix());
  result.source = pointer(std::move(source));
  if (!at(TokenKind::minus) || !at(TokenKind::minus, 1)) return expected("-->");
  advance(2);
  result.directed = take(TokenKind::greater);
  WARDIAN_ASSIGN(Expr target, postfix());
  result.target = pointer(std::move(target));
  if (take_word("with")) {
    do {
      WARDIAN_ASSIGN(Expr table, table_operand());
      WARDIAN_TRY(expect_word("on"));
      WARDIAN_ASSIGN(Identifier id, name("column name"));
      result.nodes.push_back({std::move(table), std::move(id)});
    } while (take(TokenKind::comma));
  }
  if (result.nodes.empty() && at_word("with_node_id") && at(TokenKind::assign, 1)) {
    advance(2);
    WARDIAN_ASSIGN(Identifier id, name("column name"));
    result.node_id = std::move(id);
  }
  std::size_t tokens = 0;
  const std::string_view words = dashed_words(tokens);
  if (words == "partitioned-by" || words == "__partitionby") {
    advance(tokens);
    WARDIAN_ASSIGN(Expr by, column_path());
    result.partition_by = pointer(std::move(by));
    WARDIAN_ASSIGN(Expr pipe, bracketed_sub_pipe());
    result.partition_pipe = pointer(std::move(pipe));
  }
  return OperatorNode(std::move(result));
}

Result<GraphPatternPart> QueryParser::graph_node() {
  const std::uint32_t begin = peek().span.begin;
  if (!at(TokenKind::open_round)) return expected("(", "A node is written (name)");
  advance();
  GraphNodePattern node;
  if (at_name()) {
    WARDIAN_ASSIGN(Identifier read, name());
    node.name = std::move(read);
  }
  WARDIAN_TRY(expect(TokenKind::close_round));
  return GraphPatternPart{std::move(node), span_from(begin)};
}

Result<GraphPatternPart> QueryParser::graph_edge() {
  const std::uint32_t begin = peek().span.begin;
  GraphEdgePattern edge;
  const bool backward = take(TokenKind::less);
  WARDIAN_TRY(expect(TokenKind::minus));
  if (take(TokenKind::open_square)) {
    if (at_name()) {
      WARDIAN_ASSIGN(Identifier read, name());
      edge.name = std::move(read);
    }
    if (take(TokenKind::star)) {
      WARDIAN_ASSIGN(Expr low, unary());
      edge.length_min = pointer(std::move(low));
      WARDIAN_TRY(expect(TokenKind::dot_dot));
      WARDIAN_ASSIGN(Expr high, unary());
      edge.length_max = pointer(std::move(high));
    }
    WARDIAN_TRY(expect(TokenKind::close_square));
  }
  WARDIAN_TRY(expect(TokenKind::minus));
  const bool forward = take(TokenKind::greater);
  edge.direction = backward == forward ? EdgeDirection::any : backward ? EdgeDirection::backward : EdgeDirection::forward;
  return GraphPatternPart{std::move(edge), span_from(begin)};
}

Result<GraphPattern> QueryParser::graph_pattern() {
  GraphPattern pattern;
  WARDIAN_ASSIGN(GraphPatternPart first, graph_node());
  pattern.push_back(std::move(first));
  while (at(TokenKind::minus) || at(TokenKind::less)) {
    WARDIAN_ASSIGN(GraphPatternPart edge, graph_edge());
    pattern.push_back(std::move(edge));
    WARDIAN_ASSIGN(GraphPatternPart node, graph_node());
    pattern.push_back(std::move(node));
  }
  return pattern;
}

Result<OperatorNode> QueryParser::graph_match_operator() {
  GraphMatchOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({"cycles"}));
  do {
    WARDIAN_ASSIGN(GraphPattern pattern, graph_pattern());
    result.patterns.push_back(std::move(pattern));
  } while (take(TokenKind::comma));
  if (take_word("where")) {
    WARDIAN_ASSIGN(result.where, expression_pointer());
  }
  if (take_word("project")) {
    WARDIAN_ASSIGN(result.columns, named_expressions());
  }
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::graph_shortest_paths_operator() {
  GraphShortestPathsOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({"output", "cycles"}));
  WARDIAN_ASSIGN(result.pattern, graph_pattern());
  if (take_word("where")) {
    WARDIAN_ASSIGN(result.where, expression_pointer());
  }
  if (take_word("project")) {
    WARDIAN_ASSIGN(result.columns, named_expressions());
  }
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::graph_to_table_operator() {
  GraphToTableOperator result;
  do {
    GraphToTableOutput output;
    const std::uint32_t begin = peek().span.begin;
    if (take_word("nodes"))
      output.nodes = true;
    else if (take_word("edges"))
      output.nodes = false;
    else
      return expected("nodes or edges");
    if (take_word("as")) {
      WARDIAN_ASSIGN(Identifier as, name());
      output.as = std::move(as);
    }
    while (at_parameter({"with_node_id", "with_source_id", "with_target_id", "kind"})) {
      WARDIAN_ASSIGN(Parameter read, parameter());
      output.parameters.push_back(std::move(read));
    }
    output.span = span_from(begin);
    result.outputs.push_back(std::move(output));
  } while (take(TokenKind::comma));
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::graph_mark_components_operator() {
  GraphMarkComponentsOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({"kind", "with_component_id"}));
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::graph_where_nodes_operator() {
  WARDIAN_ASSIGN(ExprPtr predicate, expression_pointer());
  return OperatorNode(GraphWhereOperator{true, std::move(predicate)});
}

Result<OperatorNode> QueryParser::graph_where_edges_operator() {
  WARDIAN_ASSIGN(ExprPtr predicate, expression_pointer());
  return OperatorNode(GraphWhereOperator{false, std::move(predicate)});
}

}  // namespace wardian::kql::syntax
