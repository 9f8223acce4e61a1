#include "wardian/kql/operators/group_pipe.h"
#include "wardian/kql/operators/summarize.h"

namespace wardian::kql {
namespace {

Result<NodePtr> counts_of(Binder& binder, const syntax::Expr& column, const NodePtr& table, const OperatorSite& site) {
  const auto* name = std::get_if<syntax::Name>(&column.node);
  if (name == nullptr) return error_at(ErrorCode::wrong_context, "The name of a column is needed here", column.span);
  Grouping grouping(binder, table, site.env.over(*table));
  WARDIAN_TRY(grouping.add_key(column));
  syntax::Expr count;
  count.node = syntax::Call{{"count", column.span, false}, {}, column.span};
  count.span = column.span;
  WARDIAN_TRY(grouping.add_aggregate(count));
  const NodePtr counted = grouping.finish();
  std::vector<plan::NamedExpr> columns = all_columns(*counted);
  columns[1].name = "count_" + name->text;
  NodePtr named = project(counted, std::move(columns));
  columnar::Schema schema = named->schema;
  return plan::make_node(plan::Sort{std::move(named), {{input_column(schema, 0), false, true}}}, schema, true);
}

}  // namespace

/// A result for each column, its values with their counts; before them that of the `with` pipeline.
OperatorResult bind_operator(Binder& binder, const syntax::FacetOperator& node, const OperatorSite& site) {
  const NodePtr table = stand_in(binder, site.input, "facet");
  std::vector<NodePtr> results;
  if (node.with != nullptr) {
    WARDIAN_ASSIGN(NodePtr made, bind_group_pipe(binder, *node.with, table, site.env.without_rows()));
    results.push_back(std::move(made));
  }
  for (const syntax::Expr& column : node.columns) {
    WARDIAN_ASSIGN(NodePtr made, counts_of(binder, column, table, site));
    results.push_back(std::move(made));
  }
  for (std::size_t at = 1; at < results.size(); ++at) {
    binder.extra_results.push_back({std::move(results[at]), "", std::nullopt});
  }
  return std::move(results.front());
}

}  // namespace wardian::kql
