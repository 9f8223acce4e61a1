#include "wardian/kql/operators/projection.h"
#include "wardian/kql/operators/take.h"
#include "wardian/plan/per_group.h"

namespace wardian::kql {
namespace {

struct Level {
  ExprPtr count;  // null: all
  std::string key_name, value_name;
  Type key_type = Type::string;
  std::string hidden_key;
  ExprPtr others;                           // null: not asked for
  std::vector<plan::NamedExpr> aggregates;  // over the input's rows
  ExprPtr value;                            // over `aggregates`, whose columns begin at 0
  bool descending = true, nulls_first = false;
};

/// Column references of `expr` moved by so many places.
ExprPtr moved(const ExprPtr& expr, std::size_t by) {
  if (const auto* ref = std::get_if<plan::ColumnRef>(&expr->node)) {
    return plan::make_expr(plan::ColumnRef{0, static_cast<std::uint32_t>(ref->index + by)}, expr->type, expr->span);
  }
  const auto* call = std::get_if<plan::Call>(&expr->node);
  if (call == nullptr) return expr;
  plan::Call made = *call;
  for (ExprPtr& argument : made.arguments) argument = moved(argument, by);
  return plan::make_expr(std::move(made), expr->type, expr->span);
}

class TopNested {
 public:
  TopNested(Binder& binder, const OperatorSite& site) : binder_(binder), site_(site) {}

  OperatorResult bind(const syntax::TopNestedOperator& node) {
    ColumnNames names;
    std::vector<plan::NamedExpr> columns = all_columns(*site_.input);
    keys_begin_ = columns.size();
    for (const syntax::TopNestedLevel& each : node.levels) WARDIAN_TRY(add_level(each, names, columns));
    rows_ = project(site_.input, std::move(columns));
    if (levels_.size() > 1 || others_from(0)) rows_ = shared(rows_, "rows");

    // Down the levels: the values kept so far, each with its parents, and the rows that are theirs.
    NodePtr kept;
    std::vector<NodePtr> rest;
    for (std::size_t level = 0; level < levels_.size(); ++level) {
      NodePtr chosen = chosen_of(level);
      if (level + 1 < levels_.size() || others_from(level)) chosen = shared(std::move(chosen), "kept");
      if (others_from(level)) rest.push_back(others_of(level, chosen, kept));
      kept = with_parents(level, chosen, kept);
      if (level + 1 < levels_.size()) {
        kept = shared(std::move(kept), "parents");
        rows_ = shared(kept_rows(level, chosen, plan::JoinKind::left_semi), "rows");
      }
    }
    if (rest.empty()) return kept;
    plan::Union all;
    all.inputs.push_back(kept);
    for (NodePtr& each : rest) all.inputs.push_back(std::move(each));
    return plan::make_node(std::move(all), kept->schema);
  }

 private:
  Status add_level(const syntax::TopNestedLevel& given, ColumnNames& names, std::vector<plan::NamedExpr>& columns) {
    Level level;
    if (given.count != nullptr) {
      WARDIAN_ASSIGN(level.count, row_count(binder_, *given.count, site_.env, site_.input));
    }
    const Environment rows = site_.rows();
    const auto* named = std::get_if<syntax::Named>(&given.of->node);
    const syntax::Expr& of = named != nullptr ? *named->value : *given.of;
    WARDIAN_ASSIGN(ExprPtr key, binder_.scalar(of, rows));
    level.key_type = key->type;
    level.key_name = names.free_name(named != nullptr ? named->names.front().text : derived_name(of).value_or(""));
    level.hidden_key = "#key" + std::to_string(levels_.size());
    columns.push_back({level.hidden_key, std::move(key)});
    if (given.others != nullptr) {
      WARDIAN_ASSIGN(ExprPtr others, binder_.scalar(*given.others, site_.env.without_rows()));
      level.others = cast(std::move(others), level.key_type);
    }

    const auto* by_named = std::get_if<syntax::Named>(&given.by.key.node);
    const syntax::Expr& by = by_named != nullptr ? *by_named->value : given.by.key;
    AggregateSink sink;
    sink.rows = &rows;
    Environment over_groups = rows;
    over_groups.columns = nullptr;
    over_groups.aggregates = &sink;
    WARDIAN_ASSIGN(level.value, binder_.scalar(by, over_groups));
    level.aggregates = std::move(sink.aggregates);
    level.value_name = names.free_name(by_named != nullptr ? by_named->names.front().text : "aggregated_" + level.key_name);
    const auto order = given.by.order;
    level.descending = !order || *order == syntax::SortOrder::descending || *order == syntax::SortOrder::granny_descending;
    level.nulls_first = given.by.nulls_first.value_or(!level.descending);
    levels_.push_back(std::move(level));
    return {};
  }

  NodePtr shared(NodePtr table, std::string name) {
    columnar::Schema schema = table->schema;
    return plan::make_node(plan::Shared{std::move(table), std::move(name), binder_.next_shared_id()}, std::move(schema));
  }

  bool others_from(std::size_t level) const {
    for (; level < levels_.size(); ++level) {
      if (levels_[level].others) return true;
    }
    return false;
  }

  ExprPtr key_of_rows(std::size_t level) const { return input_column(rows_->schema, keys_begin_ + level); }

  /// The values of some levels for the rows of `table`, by the first `keys` keys: keys, then those values.
  NodePtr values_of(NodePtr table, std::size_t keys, std::size_t from, std::size_t to) const {
    plan::Aggregate aggregate{table, {}, {}};
    columnar::Schema schema;
    for (std::size_t at = 0; at < keys; ++at) {
      aggregate.keys.push_back({levels_[at].hidden_key, key_of_rows(at)});
      schema.push_back({levels_[at].hidden_key, levels_[at].key_type});
    }
    std::vector<std::size_t> begins;
    for (std::size_t at = from; at < to; ++at) {
      begins.push_back(schema.size());
      for (const plan::NamedExpr& each : levels_[at].aggregates) {
        aggregate.aggregates.push_back(each);
        schema.push_back({each.name, each.expr->type});
      }
    }
    if (keys == 0) {  // grouped by nothing there would be a row also where there are none
      aggregate.keys.push_back({"#all", constant_expr(Value{Type::int64, std::int64_t{1}})});
      schema.insert(schema.begin(), {"#all", Type::int64});
      for (std::size_t& begin : begins) ++begin;
    }
    NodePtr grouped = plan::make_node(std::move(aggregate), schema);
    std::vector<plan::NamedExpr> columns;
    for (std::size_t at = 0; at < keys; ++at) columns.push_back({schema[at].name, input_column(schema, at)});
    for (std::size_t at = from; at < to; ++at) {
      columns.push_back({levels_[at].value_name, moved(levels_[at].value, begins[at - from])});
    }
    return project(std::move(grouped), std::move(columns));
  }

  /// The level's values with all keys down to it, only the best below each parent.
  NodePtr chosen_of(std::size_t level) const {
    NodePtr values = values_of(rows_, level + 1, level, level + 1);
    const Level& one = levels_[level];
    if (!one.count) return values;
    const columnar::Schema schema = values->schema;
    std::vector<plan::SortKey> order{{input_column(schema, level + 1), one.descending, one.nulls_first}};
    NodePtr sorted = plan::make_node(plan::Sort{std::move(values), std::move(order)}, schema, true);
    if (level == 0) return limited(std::move(sorted), one.count);
    std::vector<std::uint32_t> parents;
    for (std::uint32_t at = 0; at < level; ++at) parents.push_back(at);
    return plan::limit_per_partition(std::move(sorted), std::move(parents), one.count);
  }

  /// The rows whose keys down to the level are among the chosen, or are not.
  NodePtr kept_rows(std::size_t level, const NodePtr& chosen, plan::JoinKind kind) const {
    plan::Join join{rows_, chosen, kind, {}, {}, nullptr};
    for (std::size_t at = 0; at <= level; ++at) join.null_safe.emplace_back(key_of_rows(at), right_column(chosen, at));
    return plan::make_node(std::move(join), rows_->schema);
  }

  static ExprPtr right_column(const NodePtr& table, std::size_t at) {
    return plan::make_expr(plan::ColumnRef{1, static_cast<std::uint32_t>(at)}, table->schema[at].type);
  }

  /// `below` has the first `keys` keys in front and is joined with the output columns of those levels.
  NodePtr joined(const NodePtr& kept, const NodePtr& below, std::size_t keys) const {
    plan::Join join{kept, below, plan::JoinKind::inner, {}, {}, nullptr};
    for (std::size_t at = 0; at < keys; ++at) {
      join.null_safe.emplace_back(input_column(kept->schema, 2 * at), right_column(below, at));
    }
    columnar::Schema schema = kept->schema;
    schema.insert(schema.end(), below->schema.begin(), below->schema.end());
    return plan::make_node(std::move(join), std::move(schema));
  }

  /// Key and value of each level down to this one.
  NodePtr with_parents(std::size_t level, const NodePtr& chosen, const NodePtr& kept) const {
    NodePtr from = level == 0 ? chosen : joined(kept, chosen, level);
    std::vector<plan::NamedExpr> columns;
    for (std::size_t at = 0; at < 2 * level; ++at) columns.push_back({from->schema[at].name, input_column(from->schema, at)});
    const std::size_t key = level == 0 ? 0 : 2 * level + level;
    columns.push_back({levels_[level].key_name, input_column(from->schema, key)});
    columns.push_back({levels_[level].value_name, input_column(from->schema, key + 1)});
    return project(std::move(from), std::move(columns));
  }

  /// What was not chosen at the level, below each parent as one row; at the levels below it goes on as others.
  NodePtr others_of(std::size_t level, const NodePtr& chosen, const NodePtr& kept) {
    NodePtr left = kept_rows(level, chosen, plan::JoinKind::left_anti);
    NodePtr values = values_of(std::move(left), level, level, levels_.size());
    NodePtr from = level == 0 ? std::move(values) : joined(kept, values, level);
    const std::size_t before = 2 * level;
    std::vector<plan::NamedExpr> columns;
    for (std::size_t at = 0; at < before; ++at) columns.push_back({from->schema[at].name, input_column(from->schema, at)});
    for (std::size_t at = level; at < levels_.size(); ++at) {
      const Level& one = levels_[at];
      const ExprPtr value = input_column(from->schema, before + level + at - level);
      columns.push_back({one.key_name, one.others ? one.others : constant_expr(columnar::null_of(one.key_type))});
      columns.push_back({one.value_name, one.others ? value : constant_expr(columnar::null_of(value->type))});
    }
    return project(std::move(from), std::move(columns));
  }

  Binder& binder_;
  const OperatorSite& site_;
  std::vector<Level> levels_;
  NodePtr rows_;
  std::size_t keys_begin_ = 0;
};

}  // namespace

OperatorResult bind_operator(Binder& binder, const syntax::TopNestedOperator& node, const OperatorSite& site) {
  return TopNested(binder, site).bind(node);
}

}  // namespace wardian::kql
