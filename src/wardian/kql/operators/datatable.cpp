#include "wardian/kql/bind_functions.h"
#include "wardian/kql/operators/operators.h"

namespace wardian::kql {
namespace {

/// A value as its column's type: a literal of another type is converted as the to…() functions do.
Result<ExprPtr> cell(Binder& binder, const syntax::Expr& expr, Type type, const Environment& env) {
  WARDIAN_ASSIGN(ExprPtr value, binder.scalar(expr, env));
  if (value->type == type) return value;
  const auto* constant = std::get_if<plan::Constant>(&value->node);
  if (constant != nullptr && constant->value.is_null()) return constant_expr(columnar::null_of(type), expr.span);
  const auto* whole = constant == nullptr ? nullptr : std::get_if<std::int64_t>(&constant->value.held);
  if (whole != nullptr && value->type == Type::int64 && type == Type::int32 && *whole == static_cast<std::int32_t>(*whole)) {
    return constant_expr(Value{type, *whole}, expr.span);
  }
  if (type == Type::dynamic) return to_dynamic(std::move(value));
  return cast(std::move(value), type);
}

}  // namespace

OperatorResult bind_operator(Binder& binder, const syntax::DatatableOperator& node, const OperatorSite& site) {
  columnar::Schema schema;
  for (const syntax::SchemaColumn& column : node.schema.columns) {
    if (columnar::find_column(schema, column.name.text)) {
      return error_at(ErrorCode::duplicate_name, "There is a column of that name already: " + column.name.text, column.name.span);
    }
    schema.push_back({column.name.text, column.type});
  }
  const std::size_t width = schema.size();
  if (width == 0) return error_at(ErrorCode::bad_argument, "A datatable has at least one column", node.schema.span);
  if (node.values.size() % width != 0) {
    const SourceSpan values = node.values.empty() ? site.keyword : cover(node.values.front().span, node.values.back().span);
    return error_at(
        ErrorCode::argument_count,
        "The number of values is no multiple of the " + std::to_string(width) + " columns: " + std::to_string(node.values.size()),
        values);
  }
  plan::Rows rows;
  rows.rows.reserve(node.values.size() / width);
  for (std::size_t at = 0; at < node.values.size(); ++at) {
    if (at % width == 0) rows.rows.emplace_back();
    WARDIAN_ASSIGN(ExprPtr value, cell(binder, node.values[at], schema[at % width].type, site.env));
    rows.rows.back().push_back(std::move(value));
  }
  return plan::make_node(std::move(rows), std::move(schema), true);  // as they stand in the text
}

}  // namespace wardian::kql
