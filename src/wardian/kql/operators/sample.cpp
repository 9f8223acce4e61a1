#include "wardian/kql/operators/projection.h"
#include "wardian/kql/operators/take.h"

namespace wardian::kql {

/// Rows in random order, and the first of them.
OperatorResult bind_operator(Binder& binder, const syntax::SampleOperator& node, const OperatorSite& site) {
  WARDIAN_ASSIGN(ExprPtr rows, row_count(binder, *node.count, site.env, site.input));
  WARDIAN_ASSIGN(ExprPtr random, binder.built_in("rand", {}, site.keyword));
  columnar::Schema schema = site.input->schema;
  NodePtr shuffled = plan::make_node(plan::Sort{site.input, {{std::move(random), false, false}}}, schema);
  return limited(std::move(shuffled), std::move(rows));
}

OperatorResult bind_operator(Binder& binder, const syntax::SampleDistinctOperator& node, const OperatorSite& site) {
  WARDIAN_ASSIGN(ExprPtr rows, row_count(binder, *node.count, site.env, site.input));
  if (!std::holds_alternative<syntax::Name>(node.of->node)) {
    return error_at(ErrorCode::wrong_context, "The name of a column is needed here", node.of->span);
  }
  WARDIAN_ASSIGN(Entry entry, bind_entry(binder, *node.of, site.rows()));
  plan::NamedExpr column = std::move(entry.columns.front());
  if (column.expr->type == Type::dynamic) return dynamic_as_key(entry.value->span);
  if (column.name.empty()) column.name = derived_name(*entry.value).value_or("Column1");
  NodePtr input = project(site.input, {std::move(column)});
  columnar::Schema schema = input->schema;
  return limited(plan::make_node(plan::Distinct{std::move(input)}, std::move(schema)), std::move(rows));
}

}  // namespace wardian::kql
