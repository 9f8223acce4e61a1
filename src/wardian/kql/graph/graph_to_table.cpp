#include "wardian/kql/graph/graph_operators.h"
#include "wardian/kql/operators/projection.h"

namespace wardian::kql {
namespace {

/// The name of a column that a parameter asks for.
Result<std::optional<std::string>> column_asked_for(const syntax::Parameters& parameters, std::string_view name) {
  const syntax::Parameter* given = syntax::find_parameter(parameters, name);
  if (given == nullptr) return std::optional<std::string>();
  const auto* word = std::get_if<syntax::Name>(&given->value.node);
  if (word == nullptr) return error_at(ErrorCode::bad_argument, "The name of a column is needed here", given->value.span);
  return std::optional(word->text);
}

/// The properties, after hashes of the keys that parameters ask for.
Result<NodePtr> output_table(Binder& binder, const syntax::GraphToTableOutput& output, const Graph& graph) {
  const NodePtr& table = output.nodes ? graph.nodes : graph.edges;
  const std::size_t width = output.nodes ? graph.node_properties() : graph.edge_properties();
  ColumnNames names;
  std::vector<plan::NamedExpr> columns;
  const auto add_hash = [&](std::string_view parameter, std::size_t key) -> Status {
    WARDIAN_ASSIGN(auto name, column_asked_for(output.parameters, parameter));
    if (!name) return {};
    WARDIAN_ASSIGN(ExprPtr hash, binder.built_in("hash", {input_column(table->schema, key)}, SourceSpan{}));
    columns.push_back({names.free_name(std::move(*name)), std::move(hash)});
    return {};
  };
  if (output.nodes) {
    WARDIAN_TRY(add_hash("with_node_id", width));
  } else {
    WARDIAN_TRY(add_hash("with_source_id", width));
    WARDIAN_TRY(add_hash("with_target_id", width + 1));
  }
  for (std::size_t at = 0; at < width; ++at) {
    columns.push_back({names.free_name(table->schema[at].name), input_column(table->schema, at)});
  }
  return project(table, std::move(columns));
}

}  // namespace

Result<Bound> bind_operator(Binder& binder, const syntax::GraphToTableOperator& node, const GraphSite& site) {
  std::vector<NodePtr> tables;
  const bool several = node.outputs.size() > 1;
  if (node.outputs.size() > 2 || (several && node.outputs[0].nodes == node.outputs[1].nodes)) {
    return error_at(ErrorCode::bad_argument, "graph-to-table gives the nodes, the edges, or both", node.outputs.front().span,
                    "graph-to-table nodes as N, edges as E");
  }
  for (const syntax::GraphToTableOutput& output : node.outputs) {
    if (several && !output.as) {
      return error_at(ErrorCode::bad_argument, "Of two tables each needs a name", output.span,
                      "graph-to-table nodes as N, edges as E");
    }
    WARDIAN_ASSIGN(NodePtr table, output_table(binder, output, *site.graph));
    if (output.as) {
      table = computed_once(binder, std::move(table), output.as->text);
      binder.named_tables.emplace_back(output.as->text, table);
    }
    tables.push_back(std::move(table));
  }
  if (several) {
    binder.result_name = node.outputs.front().as->text;
    binder.extra_results.push_back({tables.back(), node.outputs.back().as->text, std::nullopt});
  }
  return Bound(tables.front());
}

}  // namespace wardian::kql
