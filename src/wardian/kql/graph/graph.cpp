#include "wardian/kql/graph.h"

#include "wardian/kql/graph/graph_operators.h"
#include "wardian/kql/operators/projection.h"

namespace wardian::kql {

GraphPtr make_graph(NodePtr nodes, NodePtr edges, bool directed) {
  plan::Extent extent;
  extent.add(nodes->extent);
  extent.add(edges->extent);
  return std::make_shared<const Graph>(Graph{std::move(nodes), std::move(edges), directed, extent});
}

NodePtr computed_once(Binder& binder, NodePtr table, std::string name) {
  columnar::Schema schema = table->schema;
  const bool serialized = table->serialized;
  return plan::make_node(plan::Shared{std::move(table), std::move(name), binder.next_shared_id()}, std::move(schema), serialized);
}

NodePtr joined(NodePtr left, NodePtr right, plan::JoinKind kind, const std::vector<std::pair<std::size_t, std::size_t>>& keys) {
  const bool left_only = kind == plan::JoinKind::left_semi || kind == plan::JoinKind::left_anti;
  columnar::Schema schema = left->schema;
  if (!left_only) schema.insert(schema.end(), right->schema.begin(), right->schema.end());
  std::vector<std::pair<ExprPtr, ExprPtr>> pairs;
  for (const auto& [a, b] : keys) {
    pairs.emplace_back(input_column(left->schema, a),
                       plan::make_expr(plan::ColumnRef{1, static_cast<std::uint32_t>(b)}, right->schema[b].type));
  }
  return plan::make_node(plan::Join{std::move(left), std::move(right), kind, std::move(pairs)}, std::move(schema));
}

}  // namespace wardian::kql
