#include "wardian/kql/graph/graph_operators.h"
#include "wardian/kql/graph/match_rows.h"
#include "wardian/kql/graph/numbered.h"
#include "wardian/kql/operators/projection.h"

namespace wardian::kql {
namespace {

ExprPtr zero_where_null(Binder& binder, ExprPtr count) {
  Result<ExprPtr> made = binder.built_in("coalesce", {std::move(count), constant_expr(Value{Type::int64, std::int64_t{0}})}, {});
  return std::move(made).value();
}

/// How many edges have each key at that end.
NodePtr degrees(const NodePtr& edges, std::size_t key) {
  plan::Aggregate made;
  made.input = edges;
  made.keys.push_back({"#key", input_column(edges->schema, key)});
  made.aggregates.push_back(
      {"#degree", plan::make_expr(plan::Call{"count", {"count"}, {input_column(edges->schema, key)}}, Type::int64)});
  return plan::make_node(std::move(made), {{"#key", Type::string}, {"#degree", Type::int64}});
}

}  // namespace

NodePtr with_row_numbers(Binder& binder, NodePtr rows, std::string name) {
  std::vector<plan::NamedExpr> columns = all_columns(*rows);
  columns.push_back({std::move(name), binder.built_in("row_number", {}, {}, true).value()});
  return computed_once(binder, project(std::move(rows), std::move(columns)), "numbered");
}

Result<NodePtr> PatternTables::nodes() {
  if (nodes_ != nullptr) return nodes_;
  const Graph& graph = *pattern_.scope.graph;
  NodePtr made = graph.nodes;
  const std::size_t key = graph.node_properties();
  std::vector<plan::NamedExpr> columns = all_columns(*made);
  if (pattern_.scope.degrees) {
    const std::size_t source = graph.edge_properties();
    made = joined(made, degrees(graph.edges, source + 1), plan::JoinKind::left_outer, {{key, 0}});
    made = joined(made, degrees(graph.edges, source), plan::JoinKind::left_outer, {{key, 0}});
    columns.push_back({"#in", zero_where_null(binder_, input_column(made->schema, key + 2))});
    columns.push_back({"#out", zero_where_null(binder_, input_column(made->schema, key + 4))});
    made = computed_once(binder_, project(made, std::move(columns)), "nodes");
  } else {
    for (const char* const name : {"#in", "#out"}) columns.push_back({name, constant_expr(columnar::null_of(Type::int64))});
    made = project(made, std::move(columns));
  }
  nodes_ = made;
  return made;
}

Result<NodePtr> PatternTables::edges() {
  if (edges_ != nullptr) return edges_;
  const Graph& graph = *pattern_.scope.graph;
  const std::size_t width = graph.edge_properties();
  NodePtr made = numbered_ ? with_row_numbers(binder_, graph.edges, "#edge") : graph.edges;
  std::vector<plan::NamedExpr> columns = all_columns(*made);
  if (!numbered_) columns.push_back({"#edge", constant_expr(Value{Type::int64, std::int64_t{0}})});
  std::rotate(columns.begin() + static_cast<std::ptrdiff_t>(width), columns.end() - 1, columns.end());
  edges_ = project(made, std::move(columns));
  return edges_;
}

}  // namespace wardian::kql
