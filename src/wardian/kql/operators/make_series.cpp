#include "wardian/kql/bind_functions.h"
#include "wardian/kql/functions/value_forms.h"
#include "wardian/kql/operators/summarize.h"
#include "wardian/kql/overload.h"

namespace wardian::kql {
namespace {

// Names that no query can write stand for the columns between the steps.
constexpr char kBin[] = "#bin";
constexpr char kAny[] = "#any";

/// The values as a JSON array, in the order of the second argument.
sql::ExprPtr in_order(const CallSite& site) {
  sql::Call joined;
  joined.function = "string_agg";
  joined.arguments = {sql::call("coalesce", {to_json(site.arguments[0], site.type(0)), sql::string("null")}), sql::string(",")};
  joined.order_by.push_back({site.arguments[1], false, sql::Nulls::last});
  return sql::binary("||", sql::binary("||", sql::string("["), sql::make(std::move(joined))), sql::string("]"));
}
ExprPtr series_of(ExprPtr value, ExprPtr bin, SourceSpan span) {
  return plan::make_expr(plan::Call{"make_series", {"", &in_order}, {std::move(value), std::move(bin)}}, Type::dynamic, span);
}

syntax::Expr name_of(const char* name, SourceSpan span) {
  syntax::Expr made;
  made.node = syntax::Name{name, true};
  made.span = span;
  return made;
}

/// The least or greatest value of the axis, for a bound that is not given.
Result<ExprPtr> extreme_of(Binder& binder, const char* aggregate, const NodePtr& input, const ExprPtr& axis, SourceSpan span) {
  syntax::Call call;
  call.function = {aggregate, span, false};
  call.span = span;
  WARDIAN_ASSIGN(ExprPtr made, binder.aggregate(call, {axis}));
  columnar::Schema schema{{"bound", made->type}};
  NodePtr table = plan::make_node(plan::Aggregate{input, {}, {{"bound", std::move(made)}}}, std::move(schema));
  return plan::make_expr(plan::ScalarSubquery{std::move(table)}, axis->type, span);
}

struct Axis {
  std::string name;
  ExprPtr value, from, to, step;
  bool to_included = false;
};

Result<Axis> axis_of(Binder& binder, const syntax::MakeSeriesOperator& node, const OperatorSite& site) {
  Axis made;
  const auto* named = std::get_if<syntax::Named>(&node.on->node);
  const syntax::Expr& on = named != nullptr ? *named->value : *node.on;
  made.name = named != nullptr ? named->names.front().text : derived_name(on).value_or("Column1");
  WARDIAN_ASSIGN(made.value, binder.scalar(on, site.rows()));
  const Type type = made.value->type;
  if (!columnar::is_numeric(type) && type != Type::datetime && type != Type::timespan) {
    return error_at(ErrorCode::type_mismatch, "make-series counts along a number, datetime or timespan", on.span);
  }
  const Type step_type = type == Type::datetime ? Type::timespan : type;
  const Environment env = site.env.without_rows();
  WARDIAN_ASSIGN(made.step, binder.scalar_of(*node.step, step_type, env));
  if (node.from != nullptr) {
    WARDIAN_ASSIGN(made.from, binder.scalar_of(*node.from, type, env));
  } else {
    WARDIAN_ASSIGN(ExprPtr least, extreme_of(binder, "min", site.input, made.value, on.span));
    WARDIAN_ASSIGN(made.from, binder.built_in("bin", {std::move(least), made.step}, on.span));
  }
  made.to_included = node.in_range || node.to == nullptr;
  if (node.to != nullptr) {
    WARDIAN_ASSIGN(made.to, binder.scalar_of(*node.to, type, env));
  } else {
    WARDIAN_ASSIGN(made.to, extreme_of(binder, "max", site.input, made.value, on.span));
  }
  return made;
}

/// The start of each bin, from the first to the last.
Result<NodePtr> bins_of(Binder& binder, const Axis& axis, SourceSpan span) {
  ExprPtr last = axis.to;
  if (!axis.to_included) {  // the end itself is no bin: stop short of it by less than a step
    ExprPtr less = axis.value->type == Type::real ? nullptr : constant_expr(Value{axis.step->type, std::int64_t{1}}, span);
    if (!less) {
      WARDIAN_ASSIGN(less, binder.binary("*", axis.step, constant_expr(Value{Type::real, 1e-9}, span), span, span));
    }
    WARDIAN_ASSIGN(last, binder.binary("-", std::move(last), std::move(less), span, span));
  }
  return plan::make_node(plan::Range{axis.from, std::move(last), axis.step}, {{kBin, axis.value->type}}, true);
}

/// The input's rows within the bounds, with the start of their bin.
Result<NodePtr> binned(Binder& binder, const Axis& axis, const OperatorSite& site) {
  const SourceSpan span = site.keyword;
  WARDIAN_ASSIGN(ExprPtr above, binder.binary(">=", axis.value, axis.from, span, span));
  WARDIAN_ASSIGN(ExprPtr below, binder.binary(axis.to_included ? "<=" : "<", axis.value, axis.to, span, span));
  WARDIAN_ASSIGN(ExprPtr within, binder.binary("and", std::move(above), std::move(below), span, span));
  columnar::Schema schema = site.input->schema;
  NodePtr rows = plan::make_node(plan::Filter{site.input, std::move(within)}, std::move(schema));
  WARDIAN_ASSIGN(ExprPtr bin, binder.built_in("bin_at", {axis.value, axis.step, axis.from}, span));
  std::vector<plan::NamedExpr> columns = all_columns(*rows);
  columns.push_back({kBin, cast(std::move(bin), axis.value->type)});
  return project(std::move(rows), std::move(columns));
}

/// One row a series: the keys, and a column that is there when there are none. An empty input has no series, or one of
/// defaults when the query says nonempty.
Result<NodePtr> series_keys(Binder& binder, const syntax::MakeSeriesOperator& node, const OperatorSite& site) {
  if (!node.keys.empty()) {
    Grouping grouping(binder, site.input, site.rows());
    for (const syntax::Expr& key : node.keys) WARDIAN_TRY(grouping.add_key(key));
    return grouping.finish();
  }
  const ExprPtr one = constant_expr(Value{Type::int64, std::int64_t{1}}, site.keyword);
  const syntax::Parameter* kind = syntax::find_parameter(node.parameters, "kind");
  const auto* word = kind == nullptr ? nullptr : std::get_if<syntax::Name>(&kind->value.node);
  if (word != nullptr && word->text == "nonempty") {
    return plan::make_node(plan::Rows{{{one}}}, {{kAny, Type::int64}});
  }
  NodePtr marked = project(site.input, {{kAny, one}});
  columnar::Schema schema = marked->schema;
  return plan::make_node(plan::Limit{std::move(marked), one}, std::move(schema));
}

}  // namespace

/// Each series is its keys with every bin, filled from the grouped rows, gathered in the order of the bins.
OperatorResult bind_operator(Binder& binder, const syntax::MakeSeriesOperator& node, const OperatorSite& site) {
  const SourceSpan span = site.keyword;
  WARDIAN_ASSIGN(const Axis axis, axis_of(binder, node, site));
  WARDIAN_ASSIGN(NodePtr bins, bins_of(binder, axis, span));
  WARDIAN_ASSIGN(const NodePtr within, binned(binder, axis, site));
  Grouping grouping(binder, within, site.env.over(*within));
  for (const syntax::Expr& key : node.keys) WARDIAN_TRY(grouping.add_key(key));
  const syntax::Expr bin_name = name_of(kBin, span);
  WARDIAN_TRY(grouping.add_key(bin_name));
  for (const syntax::SeriesAggregate& each : node.aggregates) WARDIAN_TRY(grouping.add_aggregate(each.value));
  const NodePtr grouped = grouping.finish();

  const std::size_t keys = node.keys.size();
  WARDIAN_ASSIGN(NodePtr every, series_keys(binder, node, site));
  const std::size_t left_keys = every->schema.size();  // one more than `keys` when there are none
  columnar::Schema crossed = every->schema;
  crossed.push_back({kBin, axis.value->type});
  NodePtr grid = plan::make_node(plan::Join{std::move(every), std::move(bins), plan::JoinKind::inner, {}}, crossed);

  std::vector<std::pair<ExprPtr, ExprPtr>> on;
  const auto right_column = [&](std::size_t at) {
    return plan::make_expr(plan::ColumnRef{1, static_cast<std::uint32_t>(at)}, grouped->schema[at].type, span);
  };
  for (std::size_t at = 0; at < keys; ++at) on.emplace_back(input_column(crossed, at), right_column(at));
  on.emplace_back(input_column(crossed, left_keys), right_column(keys));
  columnar::Schema joined = crossed;
  for (const columnar::Column& column : grouped->schema) joined.push_back({"#" + column.name, column.type});
  NodePtr filled = plan::make_node(plan::Join{std::move(grid), grouped, plan::JoinKind::left_outer, std::move(on)}, joined);

  const ExprPtr bin = input_column(joined, left_keys, span);
  const ExprPtr found = input_column(joined, crossed.size() + keys, span);  // null where a bin had no row
  WARDIAN_ASSIGN(const ExprPtr present, binder.built_in("isnotnull", {found}, span));
  std::vector<plan::NamedExpr> key_columns, aggregates;
  for (std::size_t at = 0; at < left_keys; ++at) key_columns.push_back({joined[at].name, input_column(joined, at)});
  columnar::Schema schema(crossed.begin(), crossed.begin() + static_cast<std::ptrdiff_t>(left_keys));
  for (std::size_t at = 0; at < node.aggregates.size(); ++at) {
    ExprPtr value = input_column(joined, crossed.size() + keys + 1 + at, span);
    const std::string name = grouped->schema[keys + 1 + at].name;
    ExprPtr otherwise = columnar::is_numeric(value->type)
                            ? cast(constant_expr(Value{Type::int64, std::int64_t{0}}, span), value->type)
                            : constant_expr(columnar::null_of(value->type), span);
    if (node.aggregates[at].default_ != nullptr) {
      WARDIAN_ASSIGN(otherwise, binder.scalar(*node.aggregates[at].default_, site.env.without_rows()));
    }
    const auto type = common_type(value->type, otherwise->type);
    if (!type) return error_at(ErrorCode::type_mismatch, "The default is of another type than the values", span);
    value = either(present, cast(std::move(value), *type), cast(std::move(otherwise), *type), span);
    aggregates.push_back({name, series_of(std::move(value), bin, span)});
    schema.push_back({name, Type::dynamic});
  }
  aggregates.push_back({axis.name, series_of(bin, bin, span)});
  schema.push_back({axis.name, Type::dynamic});
  NodePtr made = plan::make_node(plan::Aggregate{std::move(filled), std::move(key_columns), std::move(aggregates)}, schema);
  if (keys > 0) return made;
  std::vector<plan::NamedExpr> columns = all_columns(*made);
  columns.erase(columns.begin());
  return project(std::move(made), std::move(columns));
}

}  // namespace wardian::kql
