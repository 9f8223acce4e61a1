#include "wardian/plan/per_group_plan.h"

#include <algorithm>

namespace wardian::plan {

using columnar::Schema;
using columnar::Type;

ExprPtr column_of(const Schema& schema, std::size_t at, std::uint32_t input) {
  return make_expr(ColumnRef{input, static_cast<std::uint32_t>(at)}, schema[at].type);
}

NodePtr with_columns(NodePtr input, std::vector<NamedExpr> columns, bool serialized) {
  Schema schema;
  for (const NamedExpr& each : columns) schema.push_back({each.name, each.expr->type});
  return make_node(Project{std::move(input), std::move(columns)}, std::move(schema), serialized);
}

namespace {

sql::ExprPtr at_most(const CallSite& site) { return sql::binary("<=", site.arguments[0], site.arguments[1]); }

}  // namespace

Result<NodePtr> PerGroup::whole(const NodePtr& plan) {
  WARDIAN_ASSIGN(const Made made, node(plan));
  return grouped(made).node;
}

std::vector<std::uint32_t> PerGroup::ids_from(std::size_t width) const {
  std::vector<std::uint32_t> made;
  for (std::size_t at = 0; at < groups_.ids; ++at) made.push_back(static_cast<std::uint32_t>(width + at));
  return made;
}

std::vector<NamedExpr> PerGroup::tail(const Schema& schema, std::size_t from) const {
  std::vector<NamedExpr> made;
  for (std::size_t at = 0; at < tail_.size(); ++at) made.push_back({tail_[at].name, column_of(schema, from + at)});
  return made;
}

Schema PerGroup::with_tail(Schema schema) const {
  schema.insert(schema.end(), tail_.begin(), tail_.end());
  return schema;
}

NodePtr PerGroup::reordered(NodePtr node, std::size_t width, std::size_t from) const {
  std::vector<NamedExpr> columns;
  for (std::size_t at = 0; at < width; ++at) columns.push_back({node->schema[at].name, column_of(node->schema, at)});
  for (NamedExpr& each : tail(node->schema, from)) columns.push_back(std::move(each));
  const bool serialized = node->serialized;
  return with_columns(std::move(node), std::move(columns), serialized);
}

NodePtr PerGroup::shared(NodePtr node, std::string name) const {
  Schema schema = node->schema;
  const bool serialized = node->serialized;
  return make_node(Shared{std::move(node), std::move(name), groups_.next_shared_id()}, std::move(schema), serialized);
}

NodePtr PerGroup::domain() {
  if (domain_ == nullptr) {
    const NodePtr& rows = domain_rows_ != nullptr ? domain_rows_ : table();
    NodePtr only = with_columns(rows, tail(rows->schema, rows->schema.size() - tail_.size()), false);
    domain_ = shared(make_node(Distinct{std::move(only)}, tail_), "groups");
  }
  return domain_;
}

const NodePtr& PerGroup::table() {
  if (table_ == nullptr) table_ = shared(groups_.rows, "rows");
  return table_;
}

PerGroup::Made PerGroup::grouped(const Made& made) {
  if (made.per_group) return made;
  Schema schema = with_tail(made.node->schema);
  return {make_node(Join{made.node, domain(), JoinKind::inner, {}, {}, nullptr}, std::move(schema), made.node->serialized), true,
          false};
}

Result<PerGroup::Made> PerGroup::grouped_node(const NodePtr& input) {
  WARDIAN_ASSIGN(const Made made, node(input));
  return grouped(made);
}

Result<ExprPtr> PerGroup::expr(const ExprPtr& given, NodePtr& input, std::size_t width) {
  if (!reads_.reads(given)) return given;
  const auto all = [&](std::vector<ExprPtr> arguments) -> Result<std::vector<ExprPtr>> {
    for (ExprPtr& argument : arguments) {
      WARDIAN_ASSIGN(argument, expr(argument, input, width));
    }
    return arguments;
  };
  if (const auto* call = std::get_if<Call>(&given->node)) {
    Call made = *call;
    WARDIAN_ASSIGN(made.arguments, all(std::move(made.arguments)));
    return make_expr(std::move(made), given->type, given->span);
  }
  if (const auto* call = std::get_if<WindowCall>(&given->node)) {
    WindowCall made = *call;
    WARDIAN_ASSIGN(made.arguments, all(std::move(made.arguments)));
    return make_expr(std::move(made), given->type, given->span);
  }
  const auto* subquery = std::get_if<ScalarSubquery>(&given->node);
  if (subquery == nullptr) return refused_("a membership in a part of the partitioned table");
  WARDIAN_ASSIGN(Made values, grouped_node(subquery->table));
  const std::size_t value_width = subquery->table->schema.size();
  WARDIAN_ASSIGN(values,
                 limited(std::move(values), value_width, make_expr(Constant{{Type::int64, std::int64_t{1}}}, Type::int64)));
  const std::size_t before = input->schema.size();
  Join join{input, values.node, JoinKind::left_outer, {}, {}, nullptr};
  for (const std::uint32_t id : ids_from(0)) {
    join.null_safe.emplace_back(column_of(input->schema, width + id), column_of(values.node->schema, value_width + id, 1));
  }
  Schema schema = input->schema;
  schema.insert(schema.end(), values.node->schema.begin(), values.node->schema.end());
  NodePtr joined = make_node(std::move(join), std::move(schema), input->serialized);
  std::vector<NamedExpr> columns;
  for (std::size_t at = 0; at <= before; ++at) columns.push_back({joined->schema[at].name, column_of(joined->schema, at)});
  columns.back().name = "#scalar";
  const bool serialized = joined->serialized;
  input = with_columns(std::move(joined), std::move(columns), serialized);
  return column_of(input->schema, before);
}

Result<std::vector<NamedExpr>> PerGroup::exprs(std::vector<NamedExpr> given, NodePtr& input, std::size_t width) {
  for (NamedExpr& each : given) {
    WARDIAN_ASSIGN(each.expr, expr(each.expr, input, width));
  }
  return given;
}

Result<PerGroup::Made> PerGroup::node(const NodePtr& given) {
  if (!reads_.reads(given)) return Made{given, false, false};
  return std::visit([&](const auto& inner) { return made_of(*given, inner); }, given->node);
}

NodePtr limit_per_partition(NodePtr table, std::vector<std::uint32_t> partition, const ExprPtr& rows) {
  ExprPtr place = make_expr(WindowCall{"row_number", {"", &row_place}, {}, ""}, Type::int64);
  ExprPtr within = make_expr(Call{"<=", {"", &at_most}, {std::move(place), rows}}, Type::boolean);
  Schema schema = table->schema;
  const bool serialized = table->serialized;
  return make_node(Filter{std::move(table), std::move(within), std::move(partition)}, std::move(schema), serialized);
}

Result<NodePtr> per_group(const NodePtr& plan, const Groups& groups, const std::function<Error(std::string_view what)>& refused) {
  return PerGroup(groups, refused).whole(plan);
}

}  // namespace wardian::plan
