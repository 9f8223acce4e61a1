#include <algorithm>

#include "wardian/columnar/unique_names.h"
#include "wardian/plan/lowerer.h"

namespace wardian::plan {

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
    sql::ExprPtr list = sql::call(expand.bag_as_array ? "wardian_elements_or_pairs" : "wardian_elements", {std::move(value)});
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
