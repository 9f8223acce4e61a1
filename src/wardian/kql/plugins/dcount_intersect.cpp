#include "wardian/kql/bind_dynamic.h"
#include "wardian/kql/dynamic_shape.h"
#include "wardian/kql/operators/projection.h"

namespace wardian::kql {

/// Beside the columns s0, s1, …: how many values the first sketch, the first two, … have in common.
OperatorResult bind_dcount_intersect(Binder& binder, const syntax::EvaluateOperator& node, const OperatorSite& site) {
  constexpr std::size_t kLeast = 2, kMost = 16;
  const syntax::Call& call = node.plugin;
  if (call.arguments.size() < kLeast || call.arguments.size() > kMost) {
    return wrong_count(call.function.text, "2 to 16 arguments", call.arguments.size(), call.function.span);
  }
  std::vector<ExprPtr> sketches;
  for (const syntax::Expr& argument : call.arguments) {
    WARDIAN_ASSIGN(ExprPtr sketch, binder.scalar(argument, site.rows()));
    const Shape shape = dynamic_shape(*sketch).shape;
    if (sketch->type != Type::dynamic || shape == Shape::bag || shape == Shape::scalar) {
      return error_at(ErrorCode::type_mismatch, "dcount_intersect() takes sketches of hll(), which are dynamic arrays",
                      argument.span);
    }
    sketches.push_back(std::move(sketch));
  }
  // Counted once, in a column of its own, that all the others read.
  std::vector<plan::NamedExpr> counted = all_columns(*site.input);
  counted.push_back({"counts", plan::make_expr(plan::Call{"dcount_intersect", {"wardian_dcount_intersect"}, std::move(sketches)},
                                               Type::dynamic, call.span)});
  const std::size_t width = site.input->schema.size();
  std::vector<plan::NamedExpr> columns = all_columns(*site.input);
  const NodePtr input = project(site.input, std::move(counted));
  ColumnNames names;
  for (const plan::NamedExpr& column : columns) names.reserve(column.name);
  for (std::size_t at = 0; at < call.arguments.size(); ++at) {
    ExprPtr count = dynamic_element(input_column(input->schema, width, call.span),
                                    constant_expr(Value{Type::int64, static_cast<std::int64_t>(at)}), call.span);
    columns.push_back({names.free_name("s" + std::to_string(at)), cast(std::move(count), Type::int64)});
  }
  return project(input, std::move(columns));
}

}  // namespace wardian::kql
