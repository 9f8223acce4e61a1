#include "wardian/kql/operators/projection.h"

namespace wardian::kql {

OperatorResult bind_operator(Binder& binder, const syntax::DistinctOperator& node, const OperatorSite& site) {
  const Environment rows = site.rows();
  ColumnNames names;
  std::vector<plan::NamedExpr> columns;
  bool wrong_name = false;
  for (const syntax::Expr& each : node.columns) {
    if (std::holds_alternative<syntax::Star>(each.node)) {
      columns = all_columns(*site.input);
      for (const plan::NamedExpr& column : columns) {
        if (column.expr->type == Type::dynamic) return dynamic_as_key(each.span);
      }
      break;
    }
    WARDIAN_ASSIGN(Entry entry, bind_entry(binder, each, rows));
    wrong_name = wrong_name || entry.wrong_name;
    for (std::size_t at = 0; at < entry.columns.size(); ++at) {
      plan::NamedExpr& column = entry.columns[at];
      if (column.expr->type == Type::dynamic) {
        return dynamic_as_key(entry.value->span);
      }
      if (entry.named != nullptr && at < entry.named->names.size()) {
        WARDIAN_ASSIGN(column.name, names.claim(entry.named->names[at]));
      } else if (const auto* name = std::get_if<syntax::Name>(&entry.value->node)) {
        WARDIAN_ASSIGN(column.name, names.claim({name->text, entry.value->span, name->quoted}));
      } else {
        column.name = entry.several ? names.free_name(std::move(column.name)) : names.generated(*entry.value);
      }
      columns.push_back(std::move(column));
    }
  }
  if (wrong_name) add_names_of(columns, site.input->schema);
  NodePtr input = project(site.input, std::move(columns));
  columnar::Schema schema = input->schema;
  return plan::make_node(plan::Distinct{std::move(input)}, std::move(schema));
}

}  // namespace wardian::kql
