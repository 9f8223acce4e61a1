#include "wardian/kql/graph/partitioned_graph.h"

#include <algorithm>

#include "wardian/kernels/json_text.h"
#include "wardian/kql/functions/value_forms.h"
#include "wardian/kql/graph/graph_operators.h"
#include "wardian/kql/operators/projection.h"

namespace wardian::kql {
namespace {

/// Each partition is a part of the plan.
constexpr std::size_t kPartitionsMax = 256;

/// Patterns do not cross partitions by themselves, as keys tell these apart; then rows one by one are the same in one graph of all.
bool by_rows(const syntax::Pipe& pipe) {
  const auto row_by_row = [](const syntax::Operator& operation) {
    return std::visit(
        []<class Node>(const Node&) {
          return std::is_same_v<Node, syntax::ProjectOperator> || std::is_same_v<Node, syntax::ProjectAwayOperator> ||
                 std::is_same_v<Node, syntax::ProjectKeepOperator> || std::is_same_v<Node, syntax::ProjectRenameOperator> ||
                 std::is_same_v<Node, syntax::ProjectReorderOperator> || std::is_same_v<Node, syntax::ExtendOperator> ||
                 std::is_same_v<Node, syntax::WhereOperator> || std::is_same_v<Node, syntax::GraphWhereOperator> ||
                 std::is_same_v<Node, syntax::GraphShortestPathsOperator>;
        },
        operation.node);
  };
  return std::ranges::all_of(pipe.operators, [&](const syntax::Operator& operation) {
    const auto* match = std::get_if<syntax::GraphMatchOperator>(&operation.node);
    return match != nullptr ? match->patterns.size() == 1 : row_by_row(operation);
  });
}

/// The texts as one JSON array.
sql::ExprPtr all_texts(const CallSite& site) {
  sql::ExprPtr list = sql::call("list", {json_argument(site, 0)});
  return sql::call("concat",
                   {sql::string("["), sql::call("array_to_string", {std::move(list), sql::string(",")}), sql::string("]")});
}

NodePtr with_prefix(Binder& binder, const NodePtr& table, std::size_t key, const std::string& prefix) {
  ExprPtr fits =
      binder.binary("startswith_cs", input_column(table->schema, key), constant_expr(Value{Type::string, prefix}), {}, {})
          .value();
  columnar::Schema schema = table->schema;
  return plan::make_node(plan::Filter{table, as_condition(fits)}, std::move(schema));
}

}  // namespace

Result<ExprPtr> key_prefix(Binder& binder, const plan::Node& table, const Partition& partition) {
  const auto at = columnar::find_column(table.schema, partition.column);
  if (!at) {
    return error_at(ErrorCode::unknown_name, "Nodes and edges both need the column that partitions them: " + partition.column,
                    partition.span);
  }
  const ExprPtr value = cast(input_column(table.schema, *at), Type::string);
  WARDIAN_ASSIGN(ExprPtr length, binder.built_in("strlen", {value}, partition.span));
  ExprPtr colon = constant_expr(Value{Type::string, std::string(":")}, partition.span);
  return binder.built_in("strcat", {std::move(length), std::move(colon), value}, partition.span);
}

Result<Bound> over_partitions(Binder& binder, const GraphPtr& graph, const NodePtr& edges, const Partition& partition,
                              const syntax::Pipe& pipe, const Environment& env) {
  Environment inside = env.without_rows();
  inside.piped = nullptr;
  if (by_rows(pipe)) {
    inside.piped_graph = graph;
    return binder.pipe_any(pipe, inside);
  }
  WARDIAN_ASSIGN(ExprPtr prefix, key_prefix(binder, *edges, partition));
  const NodePtr each = project(edges, {{"prefix", std::move(prefix)}});
  const NodePtr distinct = plan::make_node(plan::Distinct{each}, each->schema);
  plan::Aggregate all;
  all.input = distinct;
  all.aggregates.push_back(
      {"all", plan::make_expr(plan::Call{"all", {"", &all_texts}, {input_column(each->schema, 0)}}, Type::dynamic)});
  const NodePtr gathered = plan::make_node(std::move(all), {{"all", Type::dynamic}});
  const ExprPtr value = plan::make_expr(plan::ScalarSubquery{gathered}, Type::dynamic, partition.span);
  WARDIAN_ASSIGN(const Value found, binder.constant(value, partition.span));
  std::vector<std::string_view> prefixes;
  const auto* json = std::get_if<std::string>(&found.held);
  if (json != nullptr) kernels::split_json_array(*json, prefixes);
  if (prefixes.size() > kPartitionsMax) {
    return error_at(ErrorCode::bad_argument,
                    "The graph has more partitions than this pipeline takes: " + std::to_string(prefixes.size()), partition.span,
                    "Up to " + std::to_string(kPartitionsMax) +
                        ", but any number where it looks at matches one by one: graph-match, where, extend, project");
  }
  if (prefixes.empty()) {
    inside.piped_graph = graph;
    return binder.pipe_any(pipe, inside);
  }
  plan::Union together;
  columnar::Schema schema;
  for (const std::string_view literal : prefixes) {
    const std::string text = kernels::unescaped(literal);
    NodePtr nodes = computed_once(binder, with_prefix(binder, graph->nodes, graph->node_properties(), text), "nodes");
    NodePtr own = computed_once(binder, with_prefix(binder, graph->edges, graph->edge_properties(), text), "edges");
    inside.piped_graph = make_graph(std::move(nodes), std::move(own), graph->directed);
    WARDIAN_ASSIGN(Bound made, binder.pipe_any(pipe, inside));
    auto* table = std::get_if<NodePtr>(&made);
    if (table == nullptr) return graph_unexpected(pipe.operators.back().keyword);
    if (together.inputs.empty()) schema = (*table)->schema;
    if ((*table)->schema != schema) {
      return error_at(ErrorCode::not_supported, "The partitions give tables of different columns", pipe.operators.back().keyword);
    }
    together.inputs.push_back(std::move(*table));
  }
  if (together.inputs.size() == 1) return Bound(together.inputs.front());
  return Bound(plan::make_node(std::move(together), std::move(schema)));
}

}  // namespace wardian::kql
