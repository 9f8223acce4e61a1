#include <algorithm>

#include "wardian/plan/per_group_plan.h"
#include "wardian/sqltree/build.h"

namespace wardian::plan {

using columnar::Schema;
using columnar::Type;

namespace {

sql::ExprPtr first_value(const CallSite& site) { return sql::call("first", {site.arguments[0]}); }
/// The second argument where the first is null, else the third.
sql::ExprPtr where_missing(const CallSite& site) {
  return sql::if_else(sql::is_null(site.arguments[0]), site.arguments[1], site.arguments[2]);
}

}  // namespace

Result<PerGroup::Made> PerGroup::limited(Made made, std::size_t width, ExprPtr rows) {
  made.node = limit_per_partition(std::move(made.node), ids_from(width), rows);
  const auto* constant = std::get_if<Constant>(&rows->node);
  const auto* count = constant == nullptr ? nullptr : std::get_if<std::int64_t>(&constant->value.held);
  made.total = made.total && count != nullptr && *count > 0;
  return made;
}

Result<PerGroup::Made> PerGroup::made_of(const Node& given, const Scan&) {
  return Made{std::make_shared<const Node>(given), false, false};
}

Result<PerGroup::Made> PerGroup::made_of(const Node& given, const Rows& rows) {
  if (rows.rows.size() != 1) return refused_("rows of values that depend on the partition");
  NodePtr input = domain();
  std::vector<NamedExpr> columns;
  for (std::size_t at = 0; at < given.schema.size(); ++at) columns.push_back({given.schema[at].name, rows.rows[0][at]});
  WARDIAN_ASSIGN(columns, exprs(std::move(columns), input, 0));
  for (NamedExpr& each : tail(input->schema, 0)) columns.push_back(std::move(each));
  return Made{with_columns(std::move(input), std::move(columns), false), true, true};
}

Result<PerGroup::Made> PerGroup::made_of(const Node& given, const Range& range) {
  if (range.input) return refused_("a range for each row of the partition");
  NodePtr input = domain();
  Range made;
  WARDIAN_ASSIGN(made.start, expr(range.start, input, 0));
  WARDIAN_ASSIGN(made.stop, expr(range.stop, input, 0));
  WARDIAN_ASSIGN(made.step, expr(range.step, input, 0));
  made.input = input;
  Schema schema = input->schema;
  schema.push_back(given.schema.front());
  NodePtr series = make_node(std::move(made), std::move(schema), given.serialized);
  std::vector<NamedExpr> columns{{given.schema.front().name, column_of(series->schema, series->schema.size() - 1)}};
  for (NamedExpr& each : tail(series->schema, 0)) columns.push_back(std::move(each));
  return Made{with_columns(std::move(series), std::move(columns), given.serialized), true, false};
}

Result<PerGroup::Made> PerGroup::made_of(const Node& given, const Filter& filter) {
  WARDIAN_ASSIGN(const Made made, grouped_node(filter.input));
  const std::size_t width = given.schema.size();
  NodePtr input = made.node;
  WARDIAN_ASSIGN(ExprPtr condition, expr(filter.condition, input, width));
  std::vector<std::uint32_t> partition = filter.partition;
  if (has_window_call(*condition)) {
    for (const std::uint32_t id : ids_from(width)) partition.push_back(id);
  }
  const bool widened = input != made.node;
  Schema schema = input->schema;
  NodePtr kept =
      make_node(Filter{std::move(input), std::move(condition), std::move(partition)}, std::move(schema), given.serialized);
  return Made{widened ? reordered(std::move(kept), width, width) : std::move(kept), true, false};
}

Result<PerGroup::Made> PerGroup::made_of(const Node& given, const Project& project) {
  WARDIAN_ASSIGN(const Made made, grouped_node(project.input));
  const std::size_t width = project.input->schema.size();
  NodePtr input = made.node;
  WARDIAN_ASSIGN(std::vector<NamedExpr> columns, exprs(project.columns, input, width));
  std::vector<std::uint32_t> partition = project.partition;
  if (std::ranges::any_of(columns, [](const NamedExpr& each) { return has_window_call(*each.expr); })) {
    for (const std::uint32_t id : ids_from(width)) partition.push_back(id);
  }
  for (NamedExpr& each : tail(input->schema, width)) columns.push_back(std::move(each));
  return Made{
      make_node(Project{std::move(input), std::move(columns), std::move(partition)}, with_tail(given.schema), given.serialized),
      true, made.total};
}

Result<PerGroup::Made> PerGroup::made_of(const Node& given, const Aggregate& aggregate) {
  WARDIAN_ASSIGN(const Made made, grouped_node(aggregate.input));
  const std::size_t width = aggregate.input->schema.size();
  NodePtr input = made.node;
  WARDIAN_ASSIGN(std::vector<NamedExpr> keys, exprs(aggregate.keys, input, width));
  WARDIAN_ASSIGN(std::vector<NamedExpr> aggregates, exprs(aggregate.aggregates, input, width));
  Schema schema(given.schema.begin(), given.schema.begin() + static_cast<std::ptrdiff_t>(keys.size()));
  std::vector<NamedExpr> group = tail(input->schema, width);
  for (std::size_t at = 0; at < groups_.ids; ++at) keys.push_back(group[at]);
  for (std::size_t at = groups_.ids; at < group.size(); ++at) {
    ExprPtr value = make_expr(Call{"first", {"", &first_value}, {group[at].expr}}, group[at].expr->type);
    aggregates.push_back({group[at].name, std::move(value)});
  }
  const std::size_t kept_keys = aggregate.keys.size();
  const auto carried = static_cast<std::ptrdiff_t>(groups_.carried);
  schema.insert(schema.end(), tail_.begin(), tail_.end() - carried);
  schema.insert(schema.end(), given.schema.begin() + static_cast<std::ptrdiff_t>(kept_keys), given.schema.end());
  schema.insert(schema.end(), tail_.end() - carried, tail_.end());
  NodePtr all = make_node(Aggregate{std::move(input), std::move(keys), std::move(aggregates)}, std::move(schema));
  // Keys, ids, aggregates, carried: the ids go behind the aggregates.
  std::vector<NamedExpr> columns;
  const auto take = [&](std::size_t from, std::size_t to) {
    for (std::size_t at = from; at < to; ++at) columns.push_back({all->schema[at].name, column_of(all->schema, at)});
  };
  take(0, kept_keys);
  take(kept_keys + groups_.ids, given.schema.size() + groups_.ids);
  take(kept_keys, kept_keys + groups_.ids);
  take(given.schema.size() + groups_.ids, all->schema.size());
  NodePtr ordered = with_columns(std::move(all), std::move(columns), given.serialized);
  if (!aggregate.keys.empty() || made.total) return Made{std::move(ordered), true, made.total};
  return Made{filled(given, aggregate, std::move(ordered)), true, true};
}

NodePtr PerGroup::filled(const Node& given, const Aggregate& aggregate, NodePtr found) {
  const std::size_t width = given.schema.size();
  const NodePtr groups = domain();
  Join join{groups, found, JoinKind::left_outer, {}, {}, nullptr};
  for (const std::uint32_t id : ids_from(0)) {
    join.null_safe.emplace_back(column_of(tail_, id), column_of(found->schema, width + id, 1));
  }
  std::vector<NamedExpr> marked;
  for (std::size_t at = 0; at < found->schema.size(); ++at) {
    marked.push_back({found->schema[at].name, column_of(found->schema, at)});
  }
  marked.push_back({"#found", make_expr(Constant{{Type::boolean, true}}, Type::boolean)});
  join.right = with_columns(std::move(found), std::move(marked), false);
  Schema schema = tail_;
  schema.insert(schema.end(), join.right->schema.begin(), join.right->schema.end());
  NodePtr joined = make_node(std::move(join), std::move(schema));
  const NodePtr nothing = make_node(Rows{{}}, aggregate.input->schema);
  const ExprPtr mark = column_of(joined->schema, joined->schema.size() - 1);
  std::vector<NamedExpr> columns;
  for (std::size_t at = 0; at < width; ++at) {
    const NamedExpr& each = aggregate.aggregates[at];
    NodePtr empty = make_node(Aggregate{nothing, {}, {each}}, {given.schema[at]});
    ExprPtr otherwise = make_expr(ScalarSubquery{std::move(empty)}, each.expr->type);
    ExprPtr value = column_of(joined->schema, tail_.size() + at);
    columns.push_back(
        {given.schema[at].name,
         make_expr(Call{"iff", {"", &where_missing}, {mark, std::move(otherwise), std::move(value)}}, each.expr->type)});
  }
  for (NamedExpr& each : tail(joined->schema, 0)) columns.push_back(std::move(each));
  return with_columns(std::move(joined), std::move(columns), false);
}

Result<PerGroup::Made> PerGroup::made_of(const Node& given, const Sort& sort) {
  WARDIAN_ASSIGN(const Made made, grouped_node(sort.input));
  const std::size_t width = given.schema.size();
  NodePtr input = made.node;
  std::vector<SortKey> keys;
  for (const std::uint32_t id : ids_from(width)) keys.push_back({column_of(input->schema, id), false, true});
  for (SortKey key : sort.keys) {
    WARDIAN_ASSIGN(key.expr, expr(key.expr, input, width));
    keys.push_back(std::move(key));
  }
  const bool widened = input != made.node;
  Schema schema = input->schema;
  NodePtr sorted = make_node(Sort{std::move(input), std::move(keys)}, std::move(schema), given.serialized);
  return Made{widened ? reordered(std::move(sorted), width, width) : std::move(sorted), true, made.total};
}

Result<PerGroup::Made> PerGroup::made_of(const Node& given, const Limit& limit) {
  if (reads_.reads(limit.rows)) return refused_("a number of rows that depends on the partition");
  WARDIAN_ASSIGN(Made made, grouped_node(limit.input));
  return limited(std::move(made), given.schema.size(), limit.rows);
}

Result<PerGroup::Made> PerGroup::made_of(const Node& given, const Distinct& distinct) {
  WARDIAN_ASSIGN(Made made, grouped_node(distinct.input));
  made.node = make_node(Distinct{made.node}, with_tail(given.schema), given.serialized);
  return made;
}

Result<PerGroup::Made> PerGroup::made_of(const Node& given, const Join& join) {
  if (join.condition && reads_.reads(join.condition)) return refused_("a join by a value of the whole partition");
  WARDIAN_ASSIGN(Made left, node(join.left));
  WARDIAN_ASSIGN(Made right, node(join.right));
  // One side may stay as it is where its rows come out by those of the other side only.
  const auto one_of = [&](std::initializer_list<JoinKind> kinds) { return std::ranges::find(kinds, join.kind) != kinds.end(); };
  const bool right_may_stay =
      one_of({JoinKind::inner, JoinKind::left_outer, JoinKind::left_semi, JoinKind::left_anti}) && left.per_group;
  const bool left_may_stay =
      one_of({JoinKind::inner, JoinKind::inner_unique, JoinKind::right_outer, JoinKind::right_semi, JoinKind::right_anti}) &&
      right.per_group;
  if (!right_may_stay) right = grouped(right);
  if (!left_may_stay || !right.per_group) left = grouped(left);
  Join made{left.node, right.node, join.kind, join.keys, join.null_safe, join.condition};
  const std::size_t left_width = join.left->schema.size(), right_width = join.right->schema.size();
  if (left.per_group && right.per_group) {
    for (const std::uint32_t id : ids_from(0)) {
      made.null_safe.emplace_back(column_of(left.node->schema, left_width + id),
                                  column_of(right.node->schema, right_width + id, 1));
    }
  }
  const bool left_only = one_of({JoinKind::left_semi, JoinKind::left_anti});
  const bool right_only = one_of({JoinKind::right_semi, JoinKind::right_anti});
  if (left_only || right_only) {
    return Made{make_node(std::move(made), with_tail(given.schema), given.serialized), true, false};
  }
  Schema schema = left.node->schema;
  schema.insert(schema.end(), right.node->schema.begin(), right.node->schema.end());
  NodePtr joined = make_node(std::move(made), std::move(schema), given.serialized);
  const std::size_t right_begin = left.node->schema.size();
  std::vector<NamedExpr> columns;
  for (std::size_t at = 0; at < given.schema.size(); ++at) {
    const std::size_t from = at < left_width ? at : right_begin + at - left_width;
    columns.push_back({given.schema[at].name, column_of(joined->schema, from)});
  }
  for (std::size_t at = 0; at < tail_.size(); ++at) {
    ExprPtr of_left = left.per_group ? column_of(joined->schema, left_width + at) : nullptr;
    ExprPtr of_right = right.per_group ? column_of(joined->schema, right_begin + right_width + at) : nullptr;
    ExprPtr value = of_left && of_right && join.kind == JoinKind::full_outer
                        ? make_expr(Call{"iff", {"", &where_missing}, {of_left, of_right, of_left}}, tail_[at].type)
                    : !of_left || (of_right && join.kind == JoinKind::right_outer) ? of_right
                                                                                   : of_left;
    columns.push_back({tail_[at].name, std::move(value)});
  }
  const bool total = join.kind == JoinKind::left_outer && left.total;
  return Made{with_columns(std::move(joined), std::move(columns), given.serialized), true, total};
}

Result<PerGroup::Made> PerGroup::made_of(const Node& given, const Union& all) {
  Union made;
  bool total = false;
  for (const NodePtr& each : all.inputs) {
    WARDIAN_ASSIGN(const Made input, grouped_node(each));
    total = total || input.total;
    made.inputs.push_back(input.node);
  }
  return Made{make_node(std::move(made), with_tail(given.schema), given.serialized), true, total};
}

Result<PerGroup::Made> PerGroup::made_of(const Node& given, const Expand& expand) {
  WARDIAN_ASSIGN(const Made made, grouped_node(expand.input));
  const std::size_t width = expand.input->schema.size();
  const auto moved = [&](std::size_t output) { return output < width ? output : output + tail_.size(); };
  Expand all = expand;
  all.input = made.node;
  for (Expand::Item& item : all.items) {
    WARDIAN_ASSIGN(item.value, expr(item.value, all.input, width));
    item.output = moved(item.output);
  }
  if (all.input != made.node) return refused_("mv-expand of a value of the whole partition");
  if (all.index_output) all.index_output = moved(*all.index_output);
  Schema schema(given.schema.begin(), given.schema.begin() + static_cast<std::ptrdiff_t>(width));
  schema.insert(schema.end(), tail_.begin(), tail_.end());
  schema.insert(schema.end(), given.schema.begin() + static_cast<std::ptrdiff_t>(width), given.schema.end());
  NodePtr rows = make_node(std::move(all), std::move(schema), given.serialized);
  std::vector<NamedExpr> columns;
  for (std::size_t at = 0; at < given.schema.size(); ++at) {
    columns.push_back({given.schema[at].name, column_of(rows->schema, moved(at))});
  }
  for (NamedExpr& each : tail(rows->schema, width)) columns.push_back(std::move(each));
  return Made{with_columns(std::move(rows), std::move(columns), given.serialized), true, false};
}

Result<PerGroup::Made> PerGroup::made_of(const Node&, const Shared& one) {
  const auto known = shared_.find(one.id);
  if (known != shared_.end()) return known->second;
  Made made;
  if (one.id == groups_.table) {
    made = {table(), true, true};
  } else {
    WARDIAN_ASSIGN(made, node(one.input));
    made.node = shared(std::move(made.node), one.name);
  }
  if (one.id == groups_.domain) {
    domain_rows_ = made.node;
    made.total = true;
  }
  shared_.emplace(one.id, made);
  return made;
}

Result<PerGroup::Made> PerGroup::made_of(const Node& given, const AlgorithmCall& call) {
  std::shared_ptr<const algorithm::TableAlgorithm> by_groups =
      call.inputs.size() == 1 ? call.algorithm->for_groups(groups_.ids, tail_.size()) : nullptr;
  if (by_groups == nullptr) return refused_(call.algorithm->describe());
  WARDIAN_ASSIGN(const Made made, grouped_node(call.inputs.front()));
  const std::size_t width = call.inputs.front()->schema.size();
  // By groups, and within them in the order that there is, which a sort by the groups alone would not keep.
  std::vector<NamedExpr> columns;
  for (std::size_t at = 0; at < made.node->schema.size(); ++at) {
    columns.push_back({made.node->schema[at].name, column_of(made.node->schema, at)});
  }
  columns.push_back({"#place", make_expr(WindowCall{"row_number", {"", &row_place}, {}, ""}, Type::int64)});
  NodePtr placed = with_columns(made.node, std::move(columns), made.node->serialized);
  const Schema schema = placed->schema;
  std::vector<SortKey> keys;
  for (const std::uint32_t id : ids_from(width)) keys.push_back({column_of(schema, id), false, true});
  keys.push_back({column_of(schema, schema.size() - 1), false, false});
  NodePtr together = reordered(make_node(Sort{std::move(placed), std::move(keys)}, schema, true), width, width);
  AlgorithmCall all{{std::move(together)}, std::move(by_groups), call.span};
  return Made{make_node(std::move(all), with_tail(given.schema), given.serialized), true, false};
}

Result<PerGroup::Made> PerGroup::made_of(const Node&, const PythonCall&) {
  return refused_("a plugin that takes a table as a whole");
}

}  // namespace wardian::plan
