#include "wardian/kql/operators/projection.h"
#include "wardian/kql/operators/take.h"

namespace wardian::kql {

OperatorResult bind_operator(Binder& binder, const syntax::MvExpandOperator& node, const OperatorSite& site) {
  const Environment rows = site.rows();
  columnar::Schema schema = site.input->schema;
  plan::Expand expand;
  expand.input = site.input;
  std::vector<std::pair<std::size_t, Type>> conversions;
  for (const syntax::ExpandColumn& column : node.columns) {
    const auto* named = std::get_if<syntax::Named>(&column.value.node);
    const syntax::Expr& value = named != nullptr ? *named->value : column.value;
    WARDIAN_ASSIGN(ExprPtr bound, binder.scalar(value, rows));
    if (bound->type != Type::dynamic) {
      return error_at(ErrorCode::type_mismatch,
                      "mv-expand takes a dynamic value, not " + std::string(columnar::type_name(bound->type)), value.span);
    }
    std::string name = named != nullptr ? named->names.front().text : derived_name(value).value_or("Column1");
    std::size_t output = 0;
    if (const auto at = columnar::find_column(schema, name)) {
      output = *at;
      schema[output].type = Type::dynamic;
    } else {
      output = schema.size();
      schema.push_back({std::move(name), Type::dynamic});
    }
    expand.items.push_back({std::move(bound), output});
    if (column.to_type && *column.to_type != Type::dynamic) conversions.emplace_back(output, *column.to_type);
  }
  for (const char* const spelling : {"bagexpansion", "kind"}) {
    const syntax::Parameter* given = syntax::find_parameter(node.parameters, spelling);
    if (given == nullptr) continue;
    const auto* word = std::get_if<syntax::Name>(&given->value.node);
    if (word == nullptr || (word->text != "bag" && word->text != "array")) {
      return error_at(ErrorCode::bad_argument, "A bag expands to bag or array", given->value.span);
    }
    expand.bag_as_array = word->text == "array";
  }
  if (const syntax::Parameter* index = syntax::find_parameter(node.parameters, "with_itemindex")) {
    const auto* name = std::get_if<syntax::Name>(&index->value.node);
    if (name == nullptr) return error_at(ErrorCode::bad_argument, "The name of a column is needed here", index->value.span);
    expand.index_output = schema.size();
    schema.push_back({name->text, Type::int64});
  }
  if (node.row_limit != nullptr) {
    WARDIAN_ASSIGN(expand.row_limit, row_count(binder, *node.row_limit, site.env));
  }
  const bool serialized = site.input->serialized;
  NodePtr made = plan::make_node(std::move(expand), std::move(schema), serialized);
  if (conversions.empty()) return made;
  std::vector<plan::NamedExpr> columns = all_columns(*made);
  for (const auto& [at, type] : conversions) columns[at].expr = cast(columns[at].expr, type);
  return project(std::move(made), std::move(columns));
}

}  // namespace wardian::kql
