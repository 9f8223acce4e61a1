#include <algorithm>

#include "wardian/columnar/unique_names.h"
#include "wardian/plan/lowerer.h"

namespace wardian::plan {
namespace {

using columnar::Type;

/// The elements of a JSON value as a list of JSON texts: an array's elements; a bag's properties, each as a bag of its
/// own or as [key, value]; one null for null; any other value is its own only element. An empty array has none, so its
/// row vanishes, as in the original.
sql::ExprPtr elements(const sql::ExprPtr& value, bool bag_as_array) {
  const sql::ExprPtr type = sql::call("json_type", {value});
  const auto is = [&](const char* name) { return sql::binary("=", type, sql::string(name)); };
  const sql::ExprPtr element = sql::column("e");
  const sql::ExprPtr array =
      sql::call("list_transform",
                {sql::call("json_extract", {value, sql::string("$[*]")}),
                 sql::make(sql::Lambda{{"e"}, sql::call("nullif", {sql::cast(element, "VARCHAR"), sql::string("null")})})});
  const sql::ExprPtr key = sql::column("k");
  // A JSON pointer spells "~" as "~0" and "/" as "~1" (RFC 6901).
  const sql::ExprPtr escaped = sql::call(
      "replace", {sql::call("replace", {key, sql::string("~"), sql::string("~0")}), sql::string("/"), sql::string("~1")});
  const sql::ExprPtr property =
      sql::call(bag_as_array ? "json_array" : "json_object",
                {key, sql::call("json_extract", {value, sql::binary("||", sql::string("/"), escaped)})});
  const sql::ExprPtr bag = sql::call(
      "list_transform", {sql::call("json_keys", {value}), sql::make(sql::Lambda{{"k"}, sql::cast(property, "VARCHAR")})});
  const sql::ExprPtr alone = sql::make(sql::ListLiteral{{value}});
  const sql::ExprPtr nothing = sql::cast(sql::make(sql::ListLiteral{{sql::null()}}), "VARCHAR[]");
  return sql::make(
      sql::Case{{{sql::is_null(value), nothing}, {is("ARRAY"), array}, {is("OBJECT"), bag}, {is("NULL"), nothing}}, alone});
}

}  // namespace

Result<Relation> Lowerer::lower(const Node& node, const Expand& expand) {
  WARDIAN_ASSIGN(Relation input, relation(*expand.input));
  const std::vector<std::string> input_names = input.names;
  const bool around =
      std::ranges::any_of(expand.items, [](const Expand::Item& item) { return has_subquery_of_row(*item.value); });
  const Inputs inputs = one_input(input_names, false, {}, around);
  std::vector<std::string> names = columnar::unique_names(node.schema);

  // Below: the lists in columns of their own. Above: UNNEST of several lists goes in step and pads with null.
  sql::Select below;
  for (const std::string& name : input_names) below.items.push_back({sql::column(inputs.alias[0], name), name});
  std::vector<sql::ExprPtr> lists;
  for (const Expand::Item& item : expand.items) {
    WARDIAN_ASSIGN(sql::ExprPtr value, expression(*item.value, inputs));
    sql::ExprPtr list = elements(value, expand.bag_as_array);
    if (expand.row_limit) {
      WARDIAN_ASSIGN(sql::ExprPtr limit, expression(*expand.row_limit, inputs));
      list = sql::call("list_slice", {std::move(list), sql::integer(1), std::move(limit)});
    }
    const std::string name = "#list" + std::to_string(lists.size());
    below.items.push_back({std::move(list), name});
    lists.push_back(sql::column("t", name));
  }
  below.from = as_table(std::move(input), inputs.alias[0]);

  sql::Select above;
  std::size_t kept = 0;
  for (std::size_t at = 0; at < names.size(); ++at) {
    sql::ExprPtr value;
    for (std::size_t item = 0; item < expand.items.size(); ++item) {
      if (expand.items[item].output == at) value = sql::call("unnest", {lists[item]});
    }
    if (expand.index_output == at) {
      std::vector<sql::ExprPtr> lengths;
      for (const sql::ExprPtr& list : lists) lengths.push_back(sql::call("len", {list}));
      value = sql::call("unnest", {sql::call("range", {sql::call("greatest", std::move(lengths))})});
    }
    // Replaced columns keep their place, so input columns are taken in order, skipping the places of items within them.
    if (!value) value = sql::column("t", input_names[kept]);
    if (at < input_names.size()) ++kept;
    above.items.push_back({std::move(value), names[at]});
  }
  above.from = sql::derived(sql::query(std::move(below)), "t");
  return Relation{sql::Query{std::move(above), {}, nullptr}, std::move(names), nullptr};
}

}  // namespace wardian::plan
