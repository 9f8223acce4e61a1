#include <set>

#include "wardian/kql/operators/projection.h"

namespace wardian::kql {
namespace {

/// The input's columns with the entries added; an entry named as a column takes its place.
Result<std::vector<plan::NamedExpr>> extended(Binder& binder, const std::vector<syntax::Expr>& entries, const OperatorSite& site,
                                              const Environment& rows) {
  std::vector<plan::NamedExpr> columns = all_columns(*site.input);
  ColumnNames added;               // by this operator
  std::set<std::string> replaced;  // columns of the input; each once
  int unnamed = 0;
  const auto set = [&](std::string name, ExprPtr expr) {
    for (plan::NamedExpr& column : columns) {
      if (column.name == name) {
        column.expr = std::move(expr);
        return;
      }
    }
    columns.push_back({std::move(name), std::move(expr)});
  };
  for (const syntax::Expr& each : entries) {
    WARDIAN_ASSIGN(Entry entry, bind_entry(binder, each, rows));
    for (std::size_t at = 0; at < entry.columns.size(); ++at) {
      plan::NamedExpr& column = entry.columns[at];
      if (entry.named != nullptr && at < entry.named->names.size()) {
        // A derived name gives way to one that is written; both mean the same column.
        WARDIAN_TRY(added.claim(entry.named->names[at]));
      } else if (entry.several) {  // the function's own names replace no column
        ColumnNames all = added;
        for (const plan::NamedExpr& present : columns) all.reserve(present.name);
        column.name = all.free_name(std::move(column.name));
        added.reserve(column.name);
      } else if (auto derived = derived_name_of(entry, at)) {
        const bool replaces = columnar::find_column(site.input->schema, *derived).has_value();
        column.name = replaces ? std::move(*derived) : added.free_name(std::move(*derived));
        if (replaces) added.reserve(column.name);
      } else {
        ColumnNames all = added;
        for (const plan::NamedExpr& present : columns) all.reserve(present.name);
        do {
          column.name = "Column" + std::to_string(++unnamed);
        } while (all.taken(column.name));
        added.reserve(column.name);
      }
      const bool there = columnar::find_column(site.input->schema, column.name).has_value();
      if (there && !replaced.insert(column.name).second) {
        const bool by_name = entry.named != nullptr && at < entry.named->names.size();
        return error_at(ErrorCode::duplicate_name, "There is a column of that name already: " + column.name,
                        by_name ? entry.named->names[at].span : entry.value->span);
      }
      set(std::move(column.name), std::move(column.expr));
    }
  }
  return columns;
}

}  // namespace

OperatorResult bind_operator(Binder& binder, const syntax::ExtendOperator& extend, const OperatorSite& site) {
  WARDIAN_ASSIGN(auto columns, extended(binder, extend.columns, site, site.rows()));
  return project(site.input, std::move(columns));
}

OperatorResult bind_operator(Binder& binder, const syntax::SerializeOperator& serialize, const OperatorSite& site) {
  Environment rows = site.rows();
  rows.serialized = true;
  WARDIAN_ASSIGN(auto columns, extended(binder, serialize.columns, site, rows));
  plan::Node made = *project(site.input, std::move(columns));
  made.serialized = true;
  return std::make_shared<const plan::Node>(std::move(made));
}

}  // namespace wardian::kql
