#include "wardian/kql/operators/search_predicate.h"
#include "wardian/kql/operators/united.h"

namespace wardian::kql {
namespace {

/// Whether the request says that case matters.
Result<bool> minds_case(const syntax::SearchOperator& node) {
  const syntax::Parameter* kind = syntax::find_parameter(node.parameters, "kind");
  if (kind == nullptr) return false;
  const auto* word = std::get_if<syntax::Name>(&kind->value.node);
  const std::string_view text = word != nullptr ? std::string_view(word->text) : std::string_view();
  if (text == "case_sensitive") return true;
  if (text == "default" || text == "case_insensitive") return false;
  return error_at(ErrorCode::bad_argument, "Unknown kind of search: " + std::string(text), kind->value.span,
                  "default, case_insensitive or case_sensitive");
}

}  // namespace

/// The rows of all tables in which the condition holds, each with the name of its table in `$table`.
OperatorResult bind_operator(Binder& binder, const syntax::SearchOperator& node, const OperatorSite& site) {
  WARDIAN_ASSIGN(const bool case_sensitive, minds_case(node));
  if (site.input != nullptr && !node.tables.empty()) {
    return error_at(ErrorCode::wrong_context, "search in (…) begins a query: it takes no table from a pipe", site.keyword);
  }
  std::vector<UnitedInput> inputs;
  if (site.input == nullptr && node.tables.empty()) {
    WARDIAN_ASSIGN(inputs, tables_in_sight(binder, site));
  } else {
    WARDIAN_ASSIGN(inputs, united_inputs(binder, node.tables, site, false));
  }
  WARDIAN_ASSIGN(NodePtr rows, united(inputs, "$table", false, site.keyword));
  // The condition does not see the name of the table.
  const columnar::Schema seen(rows->schema.begin() + 1, rows->schema.end());
  std::vector<plan::NamedExpr> behind;
  for (std::size_t at = 1; at < rows->schema.size(); ++at)
    behind.push_back({rows->schema[at].name, input_column(rows->schema, at)});
  behind.push_back({"$table", input_column(rows->schema, 0)});
  rows = project(std::move(rows), std::move(behind));
  Environment over = site.env.over(*rows);
  over.columns = &seen;
  over.table = nullptr;
  WARDIAN_ASSIGN(ExprPtr condition, search_predicate(binder, *node.predicate, over, case_sensitive));
  columnar::Schema schema = rows->schema;
  NodePtr found = plan::make_node(plan::Filter{std::move(rows), as_condition(condition)}, std::move(schema));
  std::vector<plan::NamedExpr> columns{{"$table", input_column(found->schema, seen.size())}};
  for (std::size_t at = 0; at < seen.size(); ++at) columns.push_back({seen[at].name, input_column(found->schema, at)});
  return project(std::move(found), std::move(columns));
}

}  // namespace wardian::kql
