#include "wardian/kql/graph/graph_operators.h"
#include "wardian/kql/graph/partitioned_graph.h"
#include "wardian/kql/operators/projection.h"
#include "wardian/kql/overload.h"

namespace wardian::kql {
namespace {

constexpr char kKey[] = "#key";

/// The place of the id, a column of the table that is not dynamic.
Result<std::size_t> id_column(Binder& binder, const syntax::Expr& expr, const plan::Node& table, const Environment& env) {
  const auto* name = std::get_if<syntax::Name>(&expr.node);
  const auto at = name == nullptr ? std::nullopt : columnar::find_column(table.schema, name->text);
  if (!at) {
    if (name != nullptr) return unknown_name(name->text, expr.span, env.over(table));
    WARDIAN_TRY(binder.scalar(expr, env.over(table)));
    return error_at(ErrorCode::wrong_context, "The name of a column is needed here", expr.span);
  }
  if (table.schema[*at].type == Type::dynamic) {
    return error_at(ErrorCode::type_mismatch, "Ids of nodes cannot be dynamic", expr.span,
                    "Convert the column before: extend " + name->text + " = tostring(" + name->text + ")");
  }
  return *at;
}

Result<std::size_t> id_column(const syntax::Identifier& id, const plan::Node& table, const Environment& env) {
  const auto at = columnar::find_column(table.schema, id.text);
  if (!at) return unknown_name(id.text, id.span, env.over(table));
  if (table.schema[*at].type == Type::dynamic) {
    return error_at(ErrorCode::type_mismatch, "Ids of nodes cannot be dynamic", id.span,
                    "Convert the column before: extend " + id.text + " = tostring(" + id.text + ")");
  }
  return *at;
}

/// The id as text, within a partition after that of the partition.
Result<ExprPtr> key_of(Binder& binder, const plan::Node& table, std::size_t id, const Partition& partition) {
  ExprPtr key = cast(input_column(table.schema, id), Type::string);
  if (partition.column.empty()) return key;
  WARDIAN_ASSIGN(ExprPtr prefix, key_prefix(binder, table, partition));
  return binder.built_in("strcat", {std::move(prefix), std::move(key)}, partition.span);
}

/// A column of the nodes and where each table of nodes has it.
struct NodeColumn {
  columnar::Column column;
  std::vector<std::optional<std::size_t>> at;
};

/// The type in which values of both have a place.
Type common_of(Type a, Type b) {
  if (a == b) return a;
  const bool numbers = columnar::is_numeric(a) && columnar::is_numeric(b);
  return numbers ? common_type(a, b).value_or(Type::dynamic) : Type::dynamic;
}

/// Columns of one name are one.
std::vector<NodeColumn> unified(const std::vector<NodePtr>& tables) {
  std::vector<NodeColumn> made;
  for (std::size_t table = 0; table < tables.size(); ++table) {
    for (std::size_t at = 0; at < tables[table]->schema.size(); ++at) {
      const columnar::Column& column = tables[table]->schema[at];
      auto same = std::ranges::find_if(made, [&](const NodeColumn& known) { return known.column.name == column.name; });
      if (same == made.end()) {
        made.push_back({column, std::vector<std::optional<std::size_t>>(tables.size())});
        same = made.end() - 1;
      }
      same->column.type = common_of(same->column.type, column.type);
      same->at[table] = at;
    }
  }
  return made;
}

ExprPtr as_type(ExprPtr value, Type type) {
  return type == Type::dynamic ? to_dynamic(std::move(value)) : cast(std::move(value), type);
}

struct MadeEdges {
  NodePtr table;
  std::size_t source, target;
  bool key_is_text;  // of ids that are strings
};

/// Key and id (as `type`) of every end of an edge, each once.
NodePtr ends(const MadeEdges& of, Type type) {
  const auto& [edges, source, target, key_is_text] = of;
  const std::size_t width = edges->schema.size();
  const columnar::Schema schema = {{kKey, Type::string}, {"#id", type}};
  plan::Union both;
  for (const auto& [key, id] : {std::pair(width - 2, source), std::pair(width - 1, target)}) {
    both.inputs.push_back(
        project(edges, {{kKey, input_column(edges->schema, key)}, {"#id", cast(input_column(edges->schema, id), type)}}));
  }
  // By key alone: ids of several types may be one text.
  const NodePtr all = plan::make_node(std::move(both), schema);
  plan::Aggregate one;
  one.input = all;
  one.keys.push_back({kKey, input_column(schema, 0)});
  one.aggregates.push_back({"#id", plan::make_expr(plan::Call{"first", {"first"}, {input_column(schema, 1)}}, type)});
  const bool own_key = key_is_text && type == Type::string;
  if (!own_key) return plan::make_node(std::move(one), schema);
  NodePtr distinct = plan::make_node(plan::Distinct{project(all, {{kKey, input_column(schema, 0)}})}, {{kKey, Type::string}});
  return project(distinct, {{kKey, input_column(distinct->schema, 0)}, {"#id", input_column(distinct->schema, 0)}});
}

/// One row a key. Rows of one table: the first; of several: values of all of them.
NodePtr one_for_each_key(NodePtr rows, bool several) {
  const std::size_t width = rows->schema.size() - 1;
  columnar::Schema schema = {rows->schema.back()};
  schema.insert(schema.end(), rows->schema.begin(), rows->schema.end() - 1);
  plan::Aggregate made;
  made.keys.push_back({kKey, input_column(rows->schema, width)});
  for (std::size_t at = 0; at < width; ++at) {
    const Type type = rows->schema[at].type;
    const char* pick = !several ? "first" : type == Type::string ? "max" : "any_value";
    made.aggregates.push_back(
        {rows->schema[at].name, plan::make_expr(plan::Call{pick, {pick}, {input_column(rows->schema, at)}}, type)});
  }
  made.input = std::move(rows);
  NodePtr picked = plan::make_node(std::move(made), std::move(schema));
  std::vector<plan::NamedExpr> columns = all_columns(*picked);
  std::rotate(columns.begin(), columns.begin() + 1, columns.end());
  return project(std::move(picked), std::move(columns));
}

/// The tables' rows, and a row for each end of an edge that they do not have.
Result<NodePtr> nodes_of_tables(Binder& binder, const syntax::MakeGraphOperator& node, const MadeEdges& edges,
                                const Partition& partition, const Environment& env) {
  std::vector<NodePtr> tables;
  std::vector<std::size_t> ids;
  for (const syntax::GraphNodes& each : node.nodes) {
    WARDIAN_ASSIGN(NodePtr table, binder.table(each.table, env));
    WARDIAN_ASSIGN(const std::size_t id, id_column(each.id, *table, env));
    tables.push_back(std::move(table));
    ids.push_back(id);
  }
  const std::vector<NodeColumn> columns = unified(tables);
  columnar::Schema schema;
  for (const NodeColumn& each : columns) schema.push_back(each.column);
  schema.push_back({kKey, Type::string});
  plan::Union all;
  for (std::size_t table = 0; table < tables.size(); ++table) {
    std::vector<plan::NamedExpr> row;
    for (const NodeColumn& each : columns) {
      row.push_back({each.column.name, each.at[table]
                                           ? as_type(input_column(tables[table]->schema, *each.at[table]), each.column.type)
                                           : constant_expr(columnar::null_of(each.column.type))});
    }
    WARDIAN_ASSIGN(ExprPtr key, key_of(binder, *tables[table], ids[table], partition));
    row.push_back({kKey, std::move(key)});
    all.inputs.push_back(project(tables[table], std::move(row)));
  }
  const bool several = all.inputs.size() > 1;
  NodePtr rows = several ? plan::make_node(std::move(all), schema) : all.inputs.front();
  const NodePtr known = computed_once(binder, one_for_each_key(std::move(rows), several), "nodes");

  const auto id = std::ranges::find_if(columns, [&](const NodeColumn& each) { return each.at[0] == ids[0]; });
  const auto id_at = static_cast<std::size_t>(id - columns.begin());
  const NodePtr found = ends(edges, tables[0]->schema[ids[0]].type);
  const NodePtr unknown = joined(found, known, plan::JoinKind::left_anti, {{0, schema.size() - 1}});
  std::vector<plan::NamedExpr> row;
  for (std::size_t at = 0; at + 1 < schema.size(); ++at) {
    row.push_back(
        {schema[at].name, at == id_at ? input_column(unknown->schema, 1) : constant_expr(columnar::null_of(schema[at].type))});
  }
  row.push_back({kKey, input_column(unknown->schema, 0)});
  return plan::make_node(plan::Union{{known, project(unknown, std::move(row))}}, std::move(schema));
}

}  // namespace

Result<Bound> bind_operator(Binder& binder, const syntax::MakeGraphOperator& node, const OperatorSite& site) {
  const plan::Node& input = *site.input;
  WARDIAN_ASSIGN(const std::size_t source, id_column(binder, *node.source, input, site.env));
  WARDIAN_ASSIGN(const std::size_t target, id_column(binder, *node.target, input, site.env));
  Partition partition;
  if (node.partition_by != nullptr) {
    const auto* name = std::get_if<syntax::Name>(&node.partition_by->node);
    if (name == nullptr)
      return error_at(ErrorCode::wrong_context, "The name of a column is needed here", node.partition_by->span);
    partition = {name->text, node.partition_by->span};
    if (!columnar::find_column(input.schema, name->text)) return unknown_name(name->text, node.partition_by->span, site.rows());
  }
  std::vector<plan::NamedExpr> columns = all_columns(input);
  WARDIAN_ASSIGN(ExprPtr source_key, key_of(binder, input, source, partition));
  WARDIAN_ASSIGN(ExprPtr target_key, key_of(binder, input, target, partition));
  columns.push_back({"#source", std::move(source_key)});
  columns.push_back({"#target", std::move(target_key)});
  const MadeEdges edges{computed_once(binder, project(site.input, std::move(columns)), "edges"), source, target,
                        partition.column.empty()};

  NodePtr nodes;
  if (!node.nodes.empty()) {
    WARDIAN_ASSIGN(nodes, nodes_of_tables(binder, node, edges, partition, site.env.without_rows()));
  } else {
    const NodePtr found = ends(edges, input.schema[source].type);
    std::vector<plan::NamedExpr> row;
    if (node.node_id) row.push_back({node.node_id->text, input_column(found->schema, 1)});
    row.push_back({kKey, input_column(found->schema, 0)});
    nodes = project(found, std::move(row));
  }
  nodes = computed_once(binder, std::move(nodes), "nodes");
  GraphPtr graph = make_graph(std::move(nodes), edges.table, node.directed);
  if (node.partition_pipe == nullptr) return Bound(std::move(graph));
  return over_partitions(binder, graph, edges.table, partition, std::get<syntax::Pipe>(node.partition_pipe->node), site.env);
}

}  // namespace wardian::kql
