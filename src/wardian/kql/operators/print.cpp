#include "wardian/kql/operators/projection.h"

namespace wardian::kql {

OperatorResult bind_operator(Binder& binder, const syntax::PrintOperator& node, const OperatorSite& site) {
  ColumnNames names;
  columnar::Schema schema;
  std::vector<ExprPtr> row;
  for (std::size_t position = 0; position < node.columns.size(); ++position) {
    WARDIAN_ASSIGN(Entry entry, bind_entry(binder, node.columns[position], site.env));
    for (std::size_t at = 0; at < entry.columns.size(); ++at) {
      plan::NamedExpr& column = entry.columns[at];
      if (entry.named != nullptr && at < entry.named->names.size()) {
        WARDIAN_ASSIGN(column.name, names.claim(entry.named->names[at]));
      } else if (entry.columns.size() > 1) {  // a function with several results names them
        column.name = names.free_name(derived_name_of(entry, at).value_or(""));
      } else {
        column.name = names.free_name("print_" + std::to_string(position + at));
      }
      schema.push_back({column.name, column.expr->type});
      row.push_back(std::move(column.expr));
    }
  }
  return plan::make_node(plan::Rows{{std::move(row)}}, std::move(schema), true);
}

}  // namespace wardian::kql
