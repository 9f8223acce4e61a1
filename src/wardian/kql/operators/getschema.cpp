#include "wardian/columnar/runtime_type_name.h"
#include "wardian/kql/operators/operators.h"

namespace wardian::kql {
OperatorResult bind_operator(Binder&, const syntax::GetSchemaOperator& node, const OperatorSite& site) {
  plan::Rows rows;
  if (node.as_text) {
    std::string written;
    for (const columnar::Column& column : site.input->schema) {
      written += (written.empty() ? "" : ",") + column.name + ":" + std::string(columnar::type_name(column.type));
    }
    rows.rows.push_back({constant_expr(Value{Type::string, std::move(written)})});
    return plan::make_node(std::move(rows), {{"Schema", Type::string}}, true);
  }
  const auto text = [](std::string_view value) { return constant_expr(Value{Type::string, std::string(value)}); };
  std::int64_t ordinal = 0;
  for (const columnar::Column& column : site.input->schema) {
    rows.rows.push_back({text(column.name), constant_expr(Value{Type::int64, ordinal++}),
                         text(columnar::runtime_type_name(column.type)), text(columnar::type_name(column.type))});
  }
  return plan::make_node(
      std::move(rows),
      {{"ColumnName", Type::string}, {"ColumnOrdinal", Type::int64}, {"DataType", Type::string}, {"ColumnType", Type::string}},
      true);
}

}  // namespace wardian::kql
