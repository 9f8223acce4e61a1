#include "wardian/kql/graph/graph_operators.h"
#include "wardian/kql/operators/projection.h"

namespace wardian::kql {
namespace {

/// The rows of nodes or edges whose properties fit; the predicate sees the properties alone.
Result<NodePtr> kept(Binder& binder, const syntax::Expr& predicate, const NodePtr& table, std::size_t width,
                     const Environment& env) {
  const columnar::Schema properties(table->schema.begin(), table->schema.begin() + static_cast<std::ptrdiff_t>(width));
  Environment rows = env.over(*table);
  rows.columns = &properties;
  rows.table = nullptr;
  rows.serialized = false;
  WARDIAN_ASSIGN(const ExprPtr condition, binder.scalar(predicate, rows));
  if (condition->type != Type::boolean) {
    return error_at(ErrorCode::type_mismatch, "A condition is bool, not " + std::string(columnar::type_name(condition->type)),
                    predicate.span, conversion_hint(Type::boolean));
  }
  columnar::Schema schema = table->schema;
  return plan::make_node(plan::Filter{table, as_condition(condition)}, std::move(schema));
}

}  // namespace

/// Edges stay where both their ends do.
Result<Bound> bind_operator(Binder& binder, const syntax::GraphWhereOperator& node, const GraphSite& site) {
  const Graph& graph = *site.graph;
  if (!node.nodes) {
    WARDIAN_ASSIGN(NodePtr edges, kept(binder, *node.predicate, graph.edges, graph.edge_properties(), site.env));
    edges = computed_once(binder, std::move(edges), "edges");
    return Bound(make_graph(graph.nodes, std::move(edges), graph.directed));
  }
  WARDIAN_ASSIGN(NodePtr nodes, kept(binder, *node.predicate, graph.nodes, graph.node_properties(), site.env));
  nodes = computed_once(binder, std::move(nodes), "nodes");
  const std::size_t key = graph.node_properties(), source = graph.edge_properties();
  NodePtr edges = joined(graph.edges, nodes, plan::JoinKind::left_semi, {{source, key}});
  edges = joined(std::move(edges), nodes, plan::JoinKind::left_semi, {{source + 1, key}});
  edges = computed_once(binder, std::move(edges), "edges");
  return Bound(make_graph(std::move(nodes), std::move(edges), graph.directed));
}

}  // namespace wardian::kql
