#include "wardian/kql/operators/projection.h"
#include "wardian/kql/operators/take.h"

namespace wardian::kql {

/// The commonest values of a column, or those with the largest sums: counted exactly.
OperatorResult bind_operator(Binder& binder, const syntax::TopHittersOperator& node, const OperatorSite& site) {
  WARDIAN_ASSIGN(ExprPtr rows, row_count(binder, *node.count, site.env, site.input));
  const auto* of = std::get_if<syntax::Name>(&node.of->node);
  if (of == nullptr) return error_at(ErrorCode::wrong_context, "The name of a column is needed here", node.of->span);
  const auto key = columnar::find_column(site.input->schema, of->text);
  if (!key) return unknown_name(of->text, node.of->span, site.rows());
  syntax::Call call;
  call.function = {node.by == nullptr ? "count" : "sum", site.keyword, false};
  call.span = site.keyword;
  std::vector<ExprPtr> arguments;
  std::string name = "approximate_count_" + of->text;
  Type type = Type::int64;
  if (node.by != nullptr) {
    WARDIAN_ASSIGN(ExprPtr by, binder.scalar(*node.by, site.rows()));
    if (!columnar::is_numeric(by->type)) return error_at(ErrorCode::type_mismatch, "A number is needed here", node.by->span);
    name = "approximate_sum_" + derived_name(*node.by).value_or("");
    type = by->type;
    arguments.push_back(std::move(by));
  }
  WARDIAN_ASSIGN(ExprPtr value, binder.aggregate(call, std::move(arguments)));
  const Type summed = value->type;
  const columnar::Schema schema = {{of->text, site.input->schema[*key].type}, {name, summed}};
  plan::Aggregate aggregate{site.input, {{of->text, input_column(site.input->schema, *key, node.of->span)}}, {}};
  aggregate.aggregates.push_back({name, std::move(value)});
  NodePtr grouped = plan::make_node(std::move(aggregate), schema);
  NodePtr sorted = plan::make_node(plan::Sort{std::move(grouped), {{input_column(schema, 1), true, false}}}, schema, true);
  NodePtr top = limited(std::move(sorted), std::move(rows));
  if (type == summed) return top;
  std::vector<plan::NamedExpr> columns = all_columns(*top);
  columns[1].expr = cast(columns[1].expr, type);
  return project(std::move(top), std::move(columns));
}

}  // namespace wardian::kql
