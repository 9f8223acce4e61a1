#include "wardian/kql/operators/group_pipe.h"

namespace wardian::kql {
namespace {

constexpr char kKey[] = "#partition";

Result<std::size_t> key_column(const syntax::Expr& by, const OperatorSite& site) {
  const auto* name = std::get_if<syntax::Name>(&by.node);
  if (name == nullptr) return error_at(ErrorCode::wrong_context, "The name of a column is needed here", by.span);
  const auto at = columnar::find_column(site.input->schema, name->text);
  if (!at) return unknown_name(name->text, by.span, site.rows());
  if (site.input->schema[*at].type == Type::dynamic) {
    return error_at(ErrorCode::type_mismatch, "Rows cannot be grouped by a dynamic value", by.span,
                    "Convert it: tostring(…), tolong(…)");
  }
  return *at;
}

/// A whole query in braces, which reads tables of its own and knows the partition by its key.
Result<NodePtr> bind_body(Binder& binder, const syntax::FunctionBody& body, const Environment& env) {
  WARDIAN_ASSIGN(Bound made, binder.body(body, env));
  if (auto* table = std::get_if<NodePtr>(&made)) return std::move(*table);
  return table_expected(body.span);
}

}  // namespace

/// One plan for all partitions, whatever the strategy: the hints say how a cluster would go about it.
OperatorResult bind_operator(Binder& binder, const syntax::PartitionOperator& node, const OperatorSite& site) {
  WARDIAN_ASSIGN(const std::size_t key, key_column(*node.by, site));
  if (node.scope != nullptr) return not_supported("partition … in", node.scope->span);
  const columnar::Column key_of = site.input->schema[key];
  const NodePtr table = stand_in(binder, site.input, "partition");

  // Inside, the key's name is also the one value that it has in the partition.
  Environment env = site.env.without_rows();
  auto scope = std::make_shared<Scope>(env.scope);
  NodePtr keys = project(table, {{key_of.name, input_column(table->schema, key)}});
  scope->redeclare(key_of.name,
                   ScalarVariable{plan::make_expr(plan::ScalarSubquery{std::move(keys)}, key_of.type, node.by->span), nullptr});
  env.scope = std::move(scope);
  auto inner = node.body != nullptr ? bind_body(binder, *node.body, env) : bind_group_pipe(binder, *node.pipe, table, env);
  if (!inner.ok()) return inner;

  plan::Groups groups;
  groups.table = groups.domain = std::get<plan::Shared>(table->node).id;
  std::vector<plan::NamedExpr> columns = all_columns(*site.input);
  columns.push_back({kKey, input_column(site.input->schema, key)});
  groups.rows = project(site.input, std::move(columns));
  groups.ids = 1;
  groups.next_shared_id = [&] { return binder.next_shared_id(); };
  WARDIAN_ASSIGN(NodePtr made, done_per_group(*inner, groups, "partition", site.keyword));
  std::vector<plan::NamedExpr> shown;
  for (std::size_t at = 0; at < (*inner)->schema.size(); ++at) {
    shown.push_back({(*inner)->schema[at].name, input_column(made->schema, at)});
  }
  plan::Node all = *project(std::move(made), std::move(shown));
  all.serialized = false;
  return std::make_shared<const plan::Node>(std::move(all));
}

}  // namespace wardian::kql
