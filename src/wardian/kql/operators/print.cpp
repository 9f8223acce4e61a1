#include "wardian/kql/operators/projection.h"

namespace wardian::kql {

OperatorResult bind_operator(Binder& binder, const syntax::PrintOperator& node, const OperatorSite& site) {
  ColumnNames names;
  columnar::Schema schema;
  std::vector<ExprPtr> row;
  for (std::size_t position = 0; position < node.columns.size(); ++position) {
    WARDIAN_ASSIGN(Entry entry, bind_entry(binder, node.columns[position], site.env));
    // Here names limit what is shown; elsewhere the other results follow.
    if (entry.named != nullptr) entry.columns.resize(entry.named->names.size());
    for (std::size_t at = 0; at < entry.columns.size(); ++at) {
      plan::NamedExpr& column = entry.columns[at];
      if (entry.named != nullptr && at < entry.named->names.size()) {
        WARDIAN_ASSIGN(column.name, names.claim(entry.named->names[at]));
      } else if (entry.several) {
        column.name = names.free_name(std::move(column.name));
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
