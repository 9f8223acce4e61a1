#include "wardian/columnar/unique_names.h"
#include "wardian/plan/lowerer.h"

namespace wardian::plan {

using columnar::Type;

namespace {

/// A string is never null: the empty side of an outer join gives empty strings.
sql::ExprPtr outer_column(const char* side, const std::string& name, Type type, bool may_miss) {
  sql::ExprPtr column = sql::column(side, name);
  if (!may_miss || type != Type::string) return column;
  return sql::call("coalesce", {std::move(column), sql::string("")});
}

}  // namespace

Result<Relation> Lowerer::lower(const Node& node, const Join& join) {
  WARDIAN_ASSIGN(Relation left, relation(*join.left));
  WARDIAN_ASSIGN(Relation right, relation(*join.right));
  const std::vector<std::string> left_names = left.names;
  const std::vector<std::string> right_names = right.names;
  const Inputs inputs{{"l", "r"}, {&left_names, &right_names}};
  sql::ExprPtr on;
  std::vector<sql::ExprPtr> left_keys;
  const auto add_keys = [&](const auto& keys, const char* op) -> Status {
    for (const auto& [left_key, right_key] : keys) {
      WARDIAN_ASSIGN(sql::ExprPtr a, expression(*left_key, inputs));
      // The right key refers to its own side as input 1.
      WARDIAN_ASSIGN(sql::ExprPtr b, expression(*right_key, inputs));
      left_keys.push_back(a);
      sql::ExprPtr equal = sql::binary(op, std::move(a), std::move(b));
      on = on ? sql::binary("AND", std::move(on), std::move(equal)) : std::move(equal);
    }
    return {};
  };
  WARDIAN_TRY(add_keys(join.keys, "="));
  WARDIAN_TRY(add_keys(join.null_safe, "IS NOT DISTINCT FROM"));
  if (join.condition) {
    WARDIAN_ASSIGN(sql::ExprPtr holds, expression(*join.condition, inputs));
    on = on ? sql::binary("AND", std::move(on), std::move(holds)) : std::move(holds);
  }

  sql::TableRefPtr left_table = as_table(std::move(left), "l");
  sql::TableRefPtr right_table = as_table(std::move(right), "r");
  if (join.kind == JoinKind::inner_unique) {  // one left row for each key, whichever
    sql::Select first;
    first.distinct_on = left_keys;
    for (const std::string& name : left_names) first.items.push_back({sql::column("l", name), name});
    first.from = std::move(left_table);
    left_table = sql::derived(sql::query(std::move(first)), "l");
  }

  struct KindRow {
    JoinKind kind;
    const char* sql;
    bool left_may_miss, right_may_miss, swapped;
  };
  static constexpr KindRow kKinds[] = {
      {JoinKind::inner, "INNER", false, false, false},    {JoinKind::inner_unique, "INNER", false, false, false},
      {JoinKind::left_outer, "LEFT", false, true, false}, {JoinKind::right_outer, "RIGHT", true, false, false},
      {JoinKind::full_outer, "FULL", true, true, false},  {JoinKind::left_semi, "SEMI", false, false, false},
      {JoinKind::left_anti, "ANTI", false, false, false}, {JoinKind::right_semi, "SEMI", false, false, true},
      {JoinKind::right_anti, "ANTI", false, false, true},
  };
  const KindRow* row = kKinds;
  while (row->kind != join.kind) ++row;
  const bool one_side = std::string_view(row->sql) == "SEMI" || std::string_view(row->sql) == "ANTI";

  std::vector<std::string> names = columnar::unique_names(node.schema);
  sql::Select select;
  const auto add = [&](const char* side, const std::vector<std::string>& from, bool may_miss) {
    for (const std::string& name : from) {
      const std::size_t at = select.items.size();
      select.items.push_back({outer_column(side, name, node.schema[at].type, may_miss), names[at]});
    }
  };
  if (!one_side || !row->swapped) add("l", left_names, row->left_may_miss);
  if (!one_side || row->swapped) add("r", right_names, row->right_may_miss);
  if (row->swapped) std::swap(left_table, right_table);
  const char* kind = on ? row->sql : "CROSS";
  select.from = std::make_shared<const sql::TableRef>(
      sql::TableRef{sql::JoinedTable{kind, std::move(left_table), std::move(right_table), std::move(on)}});
  return Relation{sql::Query{std::move(select), {}, nullptr}, std::move(names), nullptr};
}

}  // namespace wardian::plan
