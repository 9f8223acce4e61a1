#include <algorithm>

#include "wardian/base/overloaded.h"
#include "wardian/columnar/unique_names.h"
#include "wardian/plan/lowerer.h"

namespace wardian::plan {

using columnar::Schema;
using columnar::Type;

sql::TableRefPtr Lowerer::as_table(Relation relation, std::string alias) {
  if (!relation.table) return sql::derived(std::make_shared<const sql::Query>(std::move(relation.query)), std::move(alias));
  return std::visit(overloaded{[&](sql::NamedTable named) -> sql::TableRefPtr {
                                 named.alias = std::move(alias);
                                 return std::make_shared<const sql::TableRef>(sql::TableRef{std::move(named)});
                               },
                               [&](sql::FunctionTable function) -> sql::TableRefPtr {
                                 function.alias = std::move(alias);
                                 return std::make_shared<const sql::TableRef>(sql::TableRef{std::move(function)});
                               },
                               [&](const auto&) -> sql::TableRefPtr { return relation.table; }},
                    relation.table->node);
}

namespace {

/// SELECT each of `names` unchanged.
sql::Select pass_through(const std::vector<std::string>& names, const std::string& alias = "t") {
  sql::Select select;
  for (const std::string& name : names) select.items.push_back({sql::column(alias, name), name});
  return select;
}

Relation from_select(sql::Select select, std::vector<std::string> names) {
  return {sql::Query{std::move(select), {}, nullptr}, std::move(names), nullptr};
}

bool any(const std::vector<NamedExpr>& exprs, bool (*of)(const Expr&)) {
  return std::ranges::any_of(exprs, [&](const NamedExpr& each) { return of(*each.expr); });
}

sql::OrderKey by_column(const std::string& alias, std::string_view name) {
  return {sql::column(alias, std::string(name)), false, sql::Nulls::last};
}

sql::TableRefPtr numbered(sql::TableRefPtr table, const std::string& alias, sql::Window over, std::string_view name) {
  over.call = sql::call("row_number", {});
  sql::Select select;
  select.items.push_back({sql::make(sql::Star{}), ""});
  select.items.push_back({sql::make(std::move(over)), std::string(name)});
  select.from = std::move(table);
  return sql::derived(sql::query(std::move(select)), alias);
}

/// The same table with the place of each row in `#row`. The engine keeps insertion order through a streaming
/// row_number() over nothing; with partitions that place goes to `#overall`.
sql::TableRefPtr with_ordinal(sql::TableRefPtr table, const std::string& alias, const std::vector<sql::ExprPtr>& partition) {
  if (partition.empty()) return numbered(std::move(table), alias, {}, kOrdinalColumn);
  table = numbered(std::move(table), alias, {}, kOverallColumn);
  return numbered(std::move(table), alias, {nullptr, partition, {by_column(alias, kOverallColumn)}, ""}, kOrdinalColumn);
}

sql::OrderKey by_ordinal(const std::string& alias, const std::vector<sql::ExprPtr>& partition) {
  return by_column(alias, partition.empty() ? kOrdinalColumn : kOverallColumn);
}

}  // namespace

Result<Relation> Lowerer::relation(const Node& node) {
  const Nesting beside = std::exchange(nesting_, {});
  const bool passes_bounds = std::holds_alternative<Scan>(node.node) || std::holds_alternative<Filter>(node.node) ||
                             std::holds_alternative<Project>(node.node) || std::holds_alternative<Sort>(node.node);
  if (!passes_bounds) bounds_.clear();
  Result<Relation> made = std::visit([&](const auto& inner) { return lower(node, inner); }, node.node);
  ++nesting_.levels;
  if (std::holds_alternative<Aggregate>(node.node)) ++nesting_.groupings;
  const bool deep = nesting_.levels > Nesting::kLevelsMax || nesting_.groupings > Nesting::kGroupingsMax;
  if (deep && made.ok()) {
    made = as_stage(std::move(made).value(), node);
    nesting_ = {};
  }
  nesting_.levels = std::max(nesting_.levels, beside.levels);
  nesting_.groupings = std::max(nesting_.groupings, beside.groupings);
  return made;
}

Relation Lowerer::as_stage(Relation relation, const Node& node) {
  Stage stage;
  std::vector<std::string> names = relation.names;
  stage.inputs.push_back(piece(std::move(relation), node.schema));
  stage.schema = node.schema;
  stage.serialized = node.serialized;
  stage.output = "stage_" + std::to_string(next_stage_++);
  Relation table{{}, std::move(names), std::make_shared<const sql::TableRef>(sql::TableRef{sql::NamedTable{{stage.output}, ""}})};
  stages_.push_back(std::move(stage));
  return table;
}

Result<Relation> Lowerer::lower(const Node&, const Scan& scan) {
  if (scan.path.size() > 1) reads_tables_ = true;
  sql::ExprPtr kept;
  for (const StoredBound& bound : std::exchange(bounds_, {})) {
    if (bound.column >= scan.stored.size()) continue;
    sql::ExprPtr one = over_stored(bound, scan.stored[bound.column], "t");
    if (one != nullptr) kept = kept == nullptr ? std::move(one) : sql::binary("AND", std::move(kept), std::move(one));
  }
  if (kept != nullptr) {
    sql::Select select = pass_through(scan.columns);
    select.where = std::move(kept);
    select.from = std::make_shared<const sql::TableRef>(sql::TableRef{sql::NamedTable{scan.path, "t"}});
    return from_select(std::move(select), scan.columns);
  }
  return Relation{{}, scan.columns, std::make_shared<const sql::TableRef>(sql::TableRef{sql::NamedTable{scan.path, ""}})};
}

Result<Relation> Lowerer::lower(const Node& node, const Rows& rows) {
  std::vector<std::string> names = columnar::unique_names(node.schema);
  if (rows.rows.size() == 1) {
    sql::Select select;
    for (std::size_t at = 0; at < names.size(); ++at) {
      WARDIAN_ASSIGN(sql::ExprPtr cell, expression(*rows.rows[0][at], Inputs{}));
      select.items.push_back({std::move(cell), names[at]});
    }
    return from_select(std::move(select), std::move(names));
  }
  if (rows.rows.empty()) {
    sql::Select select;
    for (std::size_t at = 0; at < names.size(); ++at) {
      select.items.push_back({sql::cast(sql::null(), std::string(sql::column_type(node.schema[at].type))), names[at]});
    }
    select.where = sql::boolean(false);
    return from_select(std::move(select), std::move(names));
  }
  return constant_rows(node, rows);
}

/// Many rows: bare literals in VALUES and one cast a column above, which the engine reads much faster than a cast a cell.
Result<Relation> Lowerer::constant_rows(const Node& node, const Rows& rows) {
  std::vector<std::string> names = columnar::unique_names(node.schema);
  sql::Values values;
  for (const auto& row : rows.rows) {
    std::vector<sql::ExprPtr> cells;
    for (const ExprPtr& cell : row) {
      if (const auto* constant = std::get_if<Constant>(&cell->node)) {
        cells.push_back(bare_literal(constant->value));
        continue;
      }
      WARDIAN_ASSIGN(sql::ExprPtr lowered, expression(*cell, Inputs{}));
      cells.push_back(std::move(lowered));
    }
    values.rows.push_back(std::move(cells));
  }
  sql::Query query{std::move(values), {}, nullptr};
  sql::DerivedTable table{std::make_shared<const sql::Query>(std::move(query)), "t", names};
  sql::Select select;
  for (std::size_t at = 0; at < names.size(); ++at) {
    select.items.push_back(
        {sql::cast(sql::column("t", names[at]), std::string(sql::column_type(node.schema[at].type))), names[at]});
  }
  select.from = std::make_shared<const sql::TableRef>(sql::TableRef{std::move(table)});
  return from_select(std::move(select), std::move(names));
}

Result<Relation> Lowerer::lower(const Node& node, const Range& range) {
  std::vector<std::string> names = columnar::unique_names(node.schema);
  Relation input;
  if (range.input) {
    WARDIAN_ASSIGN(input, relation(*range.input));
  }
  const std::vector<std::string> input_names = input.names;
  const Inputs inputs{{"t", ""}, {&input_names, nullptr}, false, {}};
  WARDIAN_ASSIGN(sql::ExprPtr start, expression(*range.start, inputs));
  WARDIAN_ASSIGN(sql::ExprPtr stop, expression(*range.stop, inputs));
  WARDIAN_ASSIGN(sql::ExprPtr step, expression(*range.step, inputs));
  const Type type = node.schema.back().type;
  if (!std::holds_alternative<Constant>(range.step->node)) {  // the binder has seen to the others
    sql::ExprPtr refused = sql::call("error", {sql::string("A step other than 0 is needed in range")});
    step = sql::if_else(sql::binary("=", step, sql::integer(0)), std::move(refused), step);
  }
  std::vector<sql::ExprPtr> bounds;
  const bool exact = type != Type::real && type != Type::decimal;
  if (exact) {
    for (sql::ExprPtr* each : {&start, &stop, &step}) bounds.push_back(sql::cast(std::move(*each), "BIGINT"));
  } else {  // start + i × step for i from 0: the sum of many small steps would drift
    bounds = {sql::integer(0), sql::cast(sql::call("floor", {sql::binary("/", sql::binary("-", stop, start), step)}), "BIGINT")};
  }
  sql::ExprPtr value = range.input ? sql::call("unnest", {sql::call("generate_series", bounds)}) : sql::column("t", "i");
  if (!exact) value = sql::binary("+", start, sql::binary("*", std::move(value), step));
  sql::Select select;
  for (const std::string& name : input_names) select.items.push_back({sql::column("t", name), names[select.items.size()]});
  select.items.push_back({sql::cast(std::move(value), std::string(sql::column_type(type))), names.back()});
  if (range.input) {
    select.from = as_table(std::move(input), "t");
  } else {
    sql::FunctionTable series{sql::Call{"generate_series", std::move(bounds), false, {}, nullptr}, "t", {"i"}};
    select.from = std::make_shared<const sql::TableRef>(sql::TableRef{std::move(series)});
  }
  return from_select(std::move(select), std::move(names));
}

Lowerer::Inputs Lowerer::one_input(const std::vector<std::string>& names, bool ordered,
                                   const std::vector<std::uint32_t>& partition, bool around) {
  // The row around a subquery has a name of its own: all else is `t`.
  Inputs inputs{{around ? "row_" + std::to_string(++rows_around_) : "t", ""}, {&names, nullptr}, ordered, {}};
  for (const std::uint32_t column : partition) inputs.partition.push_back(sql::column(inputs.alias[0], names.at(column)));
  return inputs;
}

Result<Relation> Lowerer::lower(const Node&, const Filter& filter) {
  // A window call sees also the rows that a filter drops.
  if (has_window_call(*filter.condition)) {
    bounds_.clear();
  } else {
    for (StoredBound& bound : stored_bounds(*filter.condition)) bounds_.push_back(std::move(bound));
  }
  WARDIAN_ASSIGN(Relation input, relation(*filter.input));
  const std::vector<std::string> names = input.names;
  Inputs inputs = one_input(names, has_window_call(*filter.condition), filter.partition, has_subquery_of_row(*filter.condition));
  inputs.streams = inputs.partition.empty() && windows_stream(*filter.condition);
  sql::Select select = pass_through(names, inputs.alias[0]);
  WARDIAN_ASSIGN(sql::ExprPtr keep, condition(*filter.condition, inputs));
  if (!inputs.ordered) {
    select.where = std::move(keep);
    select.from = as_table(std::move(input), inputs.alias[0]);
    return from_select(std::move(select), names);
  }
  (has_window_function(*filter.condition) ? select.qualify : select.where) = std::move(keep);
  select.from = with_ordinal(as_table(std::move(input), inputs.alias[0]), inputs.alias[0], inputs.partition);
  Relation result = from_select(std::move(select), names);
  if (!inputs.streams) result.query.order_by.push_back(by_ordinal(inputs.alias[0], inputs.partition));
  return result;
}

Result<Relation> Lowerer::lower(const Node& node, const Project& project) {
  std::vector<StoredBound> above = std::exchange(bounds_, {});
  for (StoredBound& bound : above) {
    const auto* same = std::get_if<ColumnRef>(&project.columns[bound.column].expr->node);
    if (same == nullptr || same->input != 0 || any(project.columns, &has_window_call)) continue;
    bound.column = same->index;
    bounds_.push_back(std::move(bound));
  }
  WARDIAN_ASSIGN(Relation input, relation(*project.input));
  const std::vector<std::string> input_names = input.names;
  Inputs inputs = one_input(input_names, any(project.columns, &has_window_call), project.partition,
                            any(project.columns, &has_subquery_of_row));
  inputs.streams = inputs.partition.empty() &&
                   std::ranges::all_of(project.columns, [](const NamedExpr& each) { return windows_stream(*each.expr); });
  std::vector<std::string> names = columnar::unique_names(node.schema);
  sql::Select select;
  for (std::size_t at = 0; at < names.size(); ++at) {
    WARDIAN_ASSIGN(sql::ExprPtr value, expression(*project.columns[at].expr, inputs));
    select.items.push_back({std::move(value), names[at]});
  }
  if (names.empty()) select.items.push_back({sql::boolean(true), "#empty"});  // SQL has no table without columns
  select.from = as_table(std::move(input), inputs.alias[0]);
  if (!inputs.ordered) return from_select(std::move(select), std::move(names));
  select.from = with_ordinal(select.from, inputs.alias[0], inputs.partition);
  Relation result = from_select(std::move(select), std::move(names));
  if (!inputs.streams) result.query.order_by.push_back(by_ordinal(inputs.alias[0], inputs.partition));
  return result;
}

Result<Relation> Lowerer::lower(const Node& node, const Aggregate& aggregate) {
  WARDIAN_ASSIGN(Relation input, relation(*aggregate.input));
  const std::vector<std::string> input_names = input.names;
  const Inputs inputs = one_input(input_names, false, {},
                                  any(aggregate.keys, &has_subquery_of_row) || any(aggregate.aggregates, &has_subquery_of_row));
  std::vector<std::string> names = columnar::unique_names(node.schema);
  sql::Select select;
  for (const NamedExpr& key : aggregate.keys) {
    WARDIAN_ASSIGN(sql::ExprPtr value, expression(*key.expr, inputs));
    select.items.push_back({std::move(value), names[select.items.size()]});
    select.group_by.push_back(sql::integer(static_cast<std::int64_t>(select.items.size())));  // by position
  }
  for (const NamedExpr& each : aggregate.aggregates) {
    WARDIAN_ASSIGN(sql::ExprPtr value, expression(*each.expr, inputs));
    select.items.push_back({std::move(value), names[select.items.size()]});
  }
  if (names.empty()) select.items.push_back({sql::call("count", {}), "#empty"});  // one row of what is the same for all
  select.from = as_table(std::move(input), inputs.alias[0]);
  if (wants_row_order(aggregate)) select.from = with_ordinal(select.from, inputs.alias[0], {});
  return from_select(std::move(select), std::move(names));
}

Result<Relation> Lowerer::lower(const Node&, const Sort& sort) {
  WARDIAN_ASSIGN(Relation input, relation(*sort.input));
  const std::vector<std::string> names = input.names;
  const bool around = std::ranges::any_of(sort.keys, [](const SortKey& key) { return has_subquery_of_row(*key.expr); });
  const Inputs inputs = one_input(names, false, {}, around);
  sql::Select select = pass_through(names, inputs.alias[0]);
  std::vector<sql::OrderKey> order;
  for (const SortKey& key : sort.keys) {
    WARDIAN_ASSIGN(sql::ExprPtr value, expression(*key.expr, inputs));
    const sql::Nulls nulls = key.nulls_first ? sql::Nulls::first : sql::Nulls::last;
    // NaN stands beside null at whichever end that is; the engine takes it for the greatest number.
    if (key.expr->type == Type::real && key.descending != key.nulls_first) {
      order.push_back({sql::call("isnan", {value}), key.nulls_first, nulls});
    }
    order.push_back({std::move(value), key.descending, nulls});
  }
  select.from = as_table(std::move(input), inputs.alias[0]);
  Relation result = from_select(std::move(select), names);
  result.query.order_by = std::move(order);
  return result;
}

Result<Relation> Lowerer::lower(const Node&, const Limit& limit) {
  WARDIAN_ASSIGN(Relation input, relation(*limit.input));
  WARDIAN_ASSIGN(sql::ExprPtr rows, expression(*limit.rows, Inputs{}));
  // Only the run tells it then, and the engine ends where it is negative.
  if (!std::holds_alternative<Constant>(limit.rows->node)) rows = sql::call("greatest", {std::move(rows), sql::integer(0)});
  const std::vector<std::string> names = input.names;
  if (!input.table && !input.query.limit) {  // on the same query, so that the engine keeps only the top rows of a sort
    input.query.limit = std::move(rows);
    return input;
  }
  sql::Select select = pass_through(names);
  select.from = as_table(std::move(input), "t");
  Relation result = from_select(std::move(select), names);
  result.query.limit = std::move(rows);
  return result;
}

Result<Relation> Lowerer::lower(const Node&, const Distinct& distinct) {
  WARDIAN_ASSIGN(Relation input, relation(*distinct.input));
  const std::vector<std::string> names = input.names;
  sql::Select select = pass_through(names);
  select.distinct = true;
  select.from = as_table(std::move(input), "t");
  return from_select(std::move(select), names);
}

Result<Relation> Lowerer::lower(const Node& node, const Union& all) {
  std::vector<std::string> names = columnar::unique_names(node.schema);
  sql::SetOperation operation{"UNION ALL", {}};
  for (const NodePtr& each : all.inputs) {
    WARDIAN_ASSIGN(Relation input, relation(*each));
    sql::Select select;
    for (std::size_t at = 0; at < names.size(); ++at) {
      select.items.push_back({sql::column("t", input.names[at]), names[at]});
    }
    select.from = as_table(std::move(input), "t");
    operation.inputs.push_back(sql::query(std::move(select)));
  }
  return Relation{sql::Query{std::move(operation), {}, nullptr}, std::move(names), nullptr};
}

Result<Relation> Lowerer::lower(const Node&, const Shared& shared) {
  const auto made = shared_relations_.find(shared.id);
  if (made != shared_relations_.end()) return made->second;
  if (shared_uses_[shared.id] < 2) return relation(*shared.input);
  WARDIAN_ASSIGN(Relation input, relation(*shared.input));
  Relation table = as_stage(std::move(input), *shared.input);
  return shared_relations_.emplace(shared.id, std::move(table)).first->second;
}

Relation Lowerer::as_frames(Stage stage, const Node& node) {
  stage.schema = node.schema;
  stage.serialized = true;
  stage.output = "stage_" + std::to_string(next_stage_++);
  const sql::Call frames{"wardian_frame", {sql::string(stage.output)}, false, {}, nullptr};
  Relation table{{}, {}, std::make_shared<const sql::TableRef>(sql::TableRef{sql::FunctionTable{frames, "", {}}})};
  for (std::size_t at = 0; at < node.schema.size(); ++at) table.names.push_back("c" + std::to_string(at));
  stages_.push_back(std::move(stage));
  return table;
}

Result<Relation> Lowerer::lower(const Node& node, const AlgorithmCall& call) {
  Stage stage;
  for (const NodePtr& each : call.inputs) {
    WARDIAN_ASSIGN(Relation input, relation(*each));
    stage.inputs.push_back(piece(std::move(input), each->schema));
  }
  nesting_ = {};
  stage.algorithm = call;
  return as_frames(std::move(stage), node);
}

Result<Relation> Lowerer::lower(const Node& node, const PythonCall& call) {
  WARDIAN_ASSIGN(Relation input, relation(*call.input));
  Stage stage;
  stage.inputs.push_back(piece(std::move(input), call.input->schema));
  stage.python = call;
  return as_frames(std::move(stage), node);
}

}  // namespace wardian::plan
