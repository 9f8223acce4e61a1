#include "wardian/kql/functions/value_forms.h"
#include "wardian/kql/operators/expansion.h"
#include "wardian/kql/operators/projection.h"
#include "wardian/kql/operators/take.h"

namespace wardian::kql {

namespace {

/// `to typeof()` takes an element for what it is and converts nothing: a text that looks like a number is null. A number
/// of another kind is taken where it loses nothing; datetimes, timespans and guids have no JSON form but text.
sql::ExprPtr element_as_result(const plan::CallSite& site) {
  const sql::ExprPtr& json = site.arguments[0];
  const auto one_of = [&](std::initializer_list<const char*> types) {
    std::vector<sql::ExprPtr> names;
    for (const char* type : types) names.push_back(sql::string(type));
    return sql::make(sql::InList{sql::call("json_type", {json}), std::move(names), false});
  };
  sql::ExprPtr value = to_type(json, Type::dynamic, site.result);
  switch (site.result) {
    case Type::boolean: return sql::if_else(one_of({"BOOLEAN"}), std::move(value), sql::null());
    case Type::int32:
    case Type::int64: return sql::if_else(one_of({"BIGINT", "UBIGINT"}), std::move(value), sql::null());
    case Type::real:
    case Type::decimal: return sql::if_else(one_of({"BIGINT", "UBIGINT", "DOUBLE"}), std::move(value), sql::null());
    default: return value;
  }
}

ExprPtr element_as(ExprPtr element, Type type) {
  if (type == Type::string) return cast(std::move(element), type);
  const SourceSpan span = element->span;
  return plan::make_expr(plan::Call{columnar::type_name(type), {"", &element_as_result}, {std::move(element)}}, type, span);
}

}  // namespace

Result<NodePtr> expanded(Binder& binder, const Expansion& node, const NodePtr& input, const Environment& env) {
  const Environment rows = env.over(*input);
  columnar::Schema schema = input->schema;
  plan::Expand expand;
  expand.input = input;
  std::vector<std::pair<std::size_t, Type>> conversions;
  for (const syntax::ExpandColumn& column : node.columns) {
    const auto* named = std::get_if<syntax::Named>(&column.value.node);
    const syntax::Expr& value = named != nullptr ? *named->value : column.value;
    WARDIAN_ASSIGN(ExprPtr bound, binder.scalar_or_several(value, rows));
    if (results_of(*bound) != nullptr) return one_result_expected(value.span);
    if (bound->type != Type::dynamic) {
      return error_at(ErrorCode::type_mismatch,
                      std::string(node.keyword) + " takes a dynamic value, not " + std::string(columnar::type_name(bound->type)),
                      value.span);
    }
    std::string name = named != nullptr ? named->names.front().text : derived_name(value).value_or("Column1");
    std::size_t output = 0;
    if (const auto at = columnar::find_column(schema, name)) {
      output = *at;
      const auto same = [&](const plan::Expand::Item& item) { return item.output == output; };
      if (std::ranges::any_of(expand.items, same)) return duplicate_column({name, column.value.span, false});
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
    ColumnNames names;
    for (const columnar::Column& column : schema) names.reserve(column.name);
    schema.push_back({names.free_name(name->text), Type::int64});
  }
  if (node.row_limit != nullptr) {
    WARDIAN_ASSIGN(expand.row_limit, row_count(binder, *node.row_limit, env));
  }
  const bool serialized = input->serialized;
  NodePtr made = plan::make_node(std::move(expand), std::move(schema), serialized);
  if (conversions.empty()) return made;
  std::vector<plan::NamedExpr> columns = all_columns(*made);
  for (const auto& [at, type] : conversions) columns[at].expr = element_as(columns[at].expr, type);
  return project(std::move(made), std::move(columns));
}

OperatorResult bind_operator(Binder& binder, const syntax::MvExpandOperator& node, const OperatorSite& site) {
  return expanded(binder, {"mv-expand", node.parameters, node.columns, node.row_limit.get()}, site.input, site.env);
}

}  // namespace wardian::kql
