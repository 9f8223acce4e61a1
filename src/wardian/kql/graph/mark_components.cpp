#include "wardian/algorithm/graph/components.h"
#include "wardian/kql/graph/graph_operators.h"
#include "wardian/kql/operators/projection.h"

namespace wardian::kql {

/// The nodes get the number of their component as a further property.
Result<Bound> bind_operator(Binder& binder, const syntax::GraphMarkComponentsOperator& node, const GraphSite& site) {
  const Graph& graph = *site.graph;
  bool strong = false;
  if (const syntax::Parameter* kind = syntax::find_parameter(node.parameters, "kind")) {
    const auto* word = std::get_if<syntax::Name>(&kind->value.node);
    if (word == nullptr || (word->text != "weak" && word->text != "strong")) {
      return error_at(ErrorCode::bad_argument, "Unknown kind of component", kind->value.span, "weak or strong");
    }
    strong = word->text == "strong" && graph.directed;
  }
  std::string name = "ComponentId";
  if (const syntax::Parameter* given = syntax::find_parameter(node.parameters, "with_component_id")) {
    const auto* word = std::get_if<syntax::Name>(&given->value.node);
    if (word == nullptr) return error_at(ErrorCode::bad_argument, "The name of a column is needed here", given->value.span);
    name = word->text;
  }
  const std::size_t key = graph.node_properties(), source = graph.edge_properties();
  const auto& edge_columns = graph.edges->schema;
  plan::AlgorithmCall call;
  call.inputs.push_back(
      project(graph.edges, {{"source", input_column(edge_columns, source)}, {"target", input_column(edge_columns, source + 1)}}));
  call.inputs.push_back(project(graph.nodes, {{"key", input_column(graph.nodes->schema, key)}}));
  call.algorithm = algorithm::components(strong);
  call.span = site.keyword;
  NodePtr marks = plan::make_node(std::move(call), algorithm::component_schema());
  const NodePtr marked = joined(graph.nodes, std::move(marks), plan::JoinKind::inner, {{key, 0}});
  ColumnNames names;
  std::vector<plan::NamedExpr> columns;
  for (std::size_t at = 0; at < key; ++at) {
    columns.push_back({names.free_name(marked->schema[at].name), input_column(marked->schema, at)});
  }
  columns.push_back({names.free_name(std::move(name)), input_column(marked->schema, key + 2)});
  columns.push_back({marked->schema[key].name, input_column(marked->schema, key)});
  NodePtr nodes = computed_once(binder, project(marked, std::move(columns)), "nodes");
  return Bound(make_graph(std::move(nodes), graph.edges, graph.directed));
}

}  // namespace wardian::kql
