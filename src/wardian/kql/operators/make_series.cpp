#include "wardian/kql/bind_functions.h"
#include "wardian/kql/functions/value_forms.h"
#include "wardian/kql/operators/summarize.h"
#include "wardian/kql/overload.h"

namespace wardian::kql {
namespace {

// Names that no query can write stand for the columns between the steps.
constexpr char kPlace[] = "#place";
constexpr char kRows[] = "#rows";
constexpr char kFirst[] = "#first";
constexpr char kLast[] = "#last";

ExprPtr call_of(std::string_view name, plan::Lowering lowering, std::vector<ExprPtr> arguments, Type type, SourceSpan span) {
  return plan::make_expr(plan::Call{name, lowering, std::move(arguments)}, type, span);
}
ExprPtr null_long(SourceSpan span) { return constant_expr(columnar::null_of(Type::int64), span); }
ExprPtr long_of(std::int64_t value, SourceSpan span) { return constant_expr(Value{Type::int64, value}, span); }

/// Bins of one step from an origin. Their places count from 0 at the origin: there is a bound `from` itself, and without
/// one, as after `in range(…)`, zero, as bin() has it. A place that is not given is each series' own first or last.
struct Axis {
  std::string name;
  SourceSpan span;
  ExprPtr value;  // long, real, datetime or timespan; a decimal counts as a real
  ExprPtr origin, step;
  ExprPtr first, last;  // places, or null expressions
  ExprPtr within;       // whether a row lies between the bounds; null where there are none

  bool real() const { return value->type == Type::real; }
  ExprPtr place_of(ExprPtr of) const {
    return call_of("bin_place", {real() ? "wardian_series_place_real" : "wardian_series_place_long", nullptr},
                   {std::move(of), origin, step}, Type::int64, span);
  }
  ExprPtr last_place(ExprPtr end, bool included) const {
    return call_of("bin_place", {real() ? "wardian_series_last_real" : "wardian_series_last_long", nullptr},
                   {std::move(end), origin, step, constant_expr(Value{Type::boolean, included}, span)}, Type::int64, span);
  }
  ExprPtr series(ExprPtr first_place, ExprPtr last_place) const {
    const char* function = real()                          ? "wardian_series_axis_real"
                           : value->type == Type::datetime ? "wardian_series_axis_datetime"
                           : value->type == Type::timespan ? "wardian_series_axis_timespan"
                                                           : "wardian_series_axis_long";
    return call_of("bins", {function, nullptr}, {std::move(first_place), std::move(last_place), origin, step}, Type::dynamic,
                   span);
  }
};

Result<Axis> axis_of(Binder& binder, const syntax::MakeSeriesOperator& node, const OperatorSite& site) {
  Axis made;
  const auto* named = std::get_if<syntax::Named>(&node.on->node);
  const syntax::Expr& on = named != nullptr ? *named->value : *node.on;
  made.name = named != nullptr ? named->names.front().text : derived_name(on).value_or("Column1");
  made.span = on.span;
  WARDIAN_ASSIGN(made.value, binder.scalar(on, site.rows()));
  const Type given = made.value->type;
  if (!columnar::is_numeric(given) && given != Type::datetime && given != Type::timespan) {
    return error_at(ErrorCode::type_mismatch, "make-series counts along a number, datetime or timespan", on.span);
  }
  const Type type = given == Type::int32 ? Type::int64 : given == Type::decimal ? Type::real : given;
  made.value = cast(std::move(made.value), type);
  const Environment env = site.env.without_rows();
  const auto bound = [&](const syntax::Expr& expr, Type wanted) -> Result<ExprPtr> {
    // A dynamic value is no bound, though it may become any.
    WARDIAN_ASSIGN(const ExprPtr as_written, binder.scalar(expr, env));
    if (as_written->type == Type::dynamic) return wrong_type(wanted, Type::dynamic, expr.span);
    // A column of whole numbers is counted by whole steps, and one of decimals by reals.
    if (given != Type::decimal) return binder.scalar_of(expr, wanted, env);
    WARDIAN_ASSIGN(ExprPtr value, binder.scalar_of(expr, Type::decimal, env));
    return cast(std::move(value), Type::real);
  };
  ExprPtr from, to;
  if (node.from != nullptr) {
    WARDIAN_ASSIGN(from, bound(*node.from, type));
  }
  if (node.to != nullptr) {
    WARDIAN_ASSIGN(to, bound(*node.to, type));
  }
  WARDIAN_ASSIGN(made.step, bound(*node.step, type == Type::datetime ? Type::timespan : type));
  const bool own_origin = from != nullptr && !node.in_range;
  made.origin = own_origin           ? from
                : type == Type::real ? constant_expr(Value{Type::real, 0.0}, on.span)
                                     : constant_expr(Value{type, std::int64_t{0}}, on.span);
  made.first = from == nullptr ? null_long(on.span) : own_origin ? long_of(0, on.span) : made.place_of(from);
  made.last = to == nullptr ? null_long(on.span) : made.last_place(to, node.in_range);
  const SourceSpan span = site.keyword;
  const auto also = [&](std::string_view op, const ExprPtr& limit) -> Status {
    WARDIAN_ASSIGN(ExprPtr holds, binder.binary(op, made.value, limit, span, span));
    if (made.within != nullptr) {
      WARDIAN_ASSIGN(holds, binder.binary("and", made.within, std::move(holds), span, span));
    }
    made.within = std::move(holds);
    return {};
  };
  if (from != nullptr) WARDIAN_TRY(also(">=", from));
  if (to != nullptr) WARDIAN_TRY(also(node.in_range ? "<=" : "<", to));
  return made;
}

/// The input with each row's place; null for a row outside the bounds, which still tells of its series.
NodePtr with_places(const Axis& axis, const OperatorSite& site) {
  ExprPtr place = axis.place_of(axis.value);
  if (axis.within != nullptr) place = when(axis.within, std::move(place), axis.span);
  std::vector<plan::NamedExpr> columns = all_columns(*site.input);
  columns.push_back({kPlace, std::move(place)});
  return project(site.input, std::move(columns));
}

/// (place, value, default, first, last): the series of one group. Long and real values go as they are, others as JSON.
sql::ExprPtr gathered(const CallSite& site) {
  const Type type = site.type(1);
  const bool whole = type == Type::int32 || type == Type::int64;
  const char* function = whole                ? "wardian_make_series_long"
                         : type == Type::real ? "wardian_make_series_real"
                                              : "wardian_make_series_json";
  sql::ExprPtr value = site.arguments[1];
  if (type == Type::int32) value = sql::cast(std::move(value), "BIGINT");
  if (!whole && type != Type::real) value = to_json(std::move(value), type);
  return sql::call(function, {site.arguments[0], std::move(value), to_json(site.arguments[2], site.type(2)), site.arguments[3],
                              site.arguments[4]});
}

/// (series, default, first, last): the series, or as many defaults where an empty input has none.
sql::ExprPtr or_defaults(const CallSite& site) {
  sql::ExprPtr size = sql::call(
      "greatest", {sql::integer(0), sql::binary("+", sql::binary("-", site.arguments[3], site.arguments[2]), sql::integer(1))});
  sql::ExprPtr defaults = sql::call(
      "wardian_array_repeat",
      {to_json(site.arguments[1], site.type(1)),
       sql::cast(sql::call("least", {sql::call("coalesce", {std::move(size), sql::integer(0)}), sql::integer(1'048'576)}),
                 "BIGINT")});
  return sql::call("coalesce", {site.arguments[0], std::move(defaults)});
}

Result<bool> is_nonempty(const syntax::MakeSeriesOperator& node) {
  const syntax::Parameter* kind = syntax::find_parameter(node.parameters, "kind");
  if (kind == nullptr) return false;
  const auto* word = std::get_if<syntax::Name>(&kind->value.node);
  if (word != nullptr && word->text == "nonempty") return true;
  return error_at(ErrorCode::bad_argument, "make-series has one kind only", kind->value.span, "kind=nonempty");
}

/// What stands where a bin has no row: what the query says, else zero or null.
Result<ExprPtr> default_of(Binder& binder, const syntax::SeriesAggregate& node, Type type, const OperatorSite& site) {
  if (node.default_ != nullptr) return binder.scalar(*node.default_, site.env.without_rows());
  if (!columnar::is_numeric(type)) return constant_expr(columnar::null_of(type), site.keyword);
  return cast(long_of(0, site.keyword), type);
}

ExprPtr aggregate_of(std::string_view name, plan::SqlRewrite rewrite, std::vector<ExprPtr> arguments, SourceSpan span) {
  return call_of(name, {"", rewrite}, std::move(arguments), Type::int64, span);
}
sql::ExprPtr least(const CallSite& site) { return sql::call("min", {site.arguments[0]}); }
sql::ExprPtr greatest(const CallSite& site) { return sql::call("max", {site.arguments[0]}); }
sql::ExprPtr counted(const CallSite&) { return sql::call("count", {sql::integer(1)}); }

}  // namespace

/// The rows are grouped by keys and bins, and the values of each key's bins gathered into arrays, with the default where a
/// bin had no row. An empty input has no series, or one of defaults where the query says nonempty.
OperatorResult bind_operator(Binder& binder, const syntax::MakeSeriesOperator& node, const OperatorSite& site) {
  const SourceSpan span = site.keyword;
  WARDIAN_ASSIGN(Axis axis, axis_of(binder, node, site));
  const NodePtr placed = with_places(axis, site);
  Grouping grouping(binder, placed, site.env.over(*placed));
  for (const syntax::Expr& key : node.keys) WARDIAN_TRY(grouping.add_key(key));
  syntax::Expr place_name;
  place_name.node = syntax::Name{kPlace, true};
  place_name.span = span;
  WARDIAN_TRY(grouping.add_key(place_name));
  std::vector<const syntax::SeriesAggregate*> sources;  // of each column, as some aggregates have several
  for (const syntax::SeriesAggregate& each : node.aggregates) {
    WARDIAN_TRY(grouping.add_aggregate(each.value));
    sources.resize(grouping.outputs(), &each);
  }
  const NodePtr grouped = grouping.finish();
  const std::size_t keys = grouped->schema.size() - sources.size() - 1;

  const ExprPtr place = input_column(grouped->schema, keys, span);
  std::vector<plan::NamedExpr> key_columns, gathered_columns;
  columnar::Schema schema;
  for (std::size_t at = 0; at < keys; ++at) {
    key_columns.push_back({grouped->schema[at].name, input_column(grouped->schema, at)});
    schema.push_back(grouped->schema[at]);
  }
  std::vector<ExprPtr> defaults;
  for (std::size_t at = 0; at < sources.size(); ++at) {
    ExprPtr value = input_column(grouped->schema, keys + 1 + at, span);
    WARDIAN_ASSIGN(ExprPtr otherwise, default_of(binder, *sources[at], value->type, site));
    if (const auto type = common_type(value->type, otherwise->type); type && otherwise->type != Type::dynamic) {
      value = cast(std::move(value), *type);
      otherwise = cast(std::move(otherwise), *type);
    }
    defaults.push_back(otherwise);
    gathered_columns.push_back(
        {grouped->schema[keys + 1 + at].name,
         call_of("make_series", {"", &gathered}, {place, std::move(value), std::move(otherwise), axis.first, axis.last},
                 Type::dynamic, span)});
    schema.push_back({gathered_columns.back().name, Type::dynamic});
  }
  gathered_columns.push_back({kFirst, aggregate_of("min", &least, {place}, span)});
  gathered_columns.push_back({kLast, aggregate_of("max", &greatest, {place}, span)});
  gathered_columns.push_back({kRows, aggregate_of("count", &counted, {}, span)});
  for (const char* name : {kFirst, kLast, kRows}) schema.push_back({name, Type::int64});
  NodePtr made = plan::make_node(plan::Aggregate{grouped, std::move(key_columns), std::move(gathered_columns)}, schema);

  WARDIAN_ASSIGN(const bool nonempty, is_nonempty(node));
  const std::size_t own = keys + sources.size();  // where #first stands
  if (keys == 0 && !nonempty) {
    WARDIAN_ASSIGN(ExprPtr any, binder.binary(">", input_column(schema, own + 2, span), long_of(0, span), span, span));
    made = plan::make_node(plan::Filter{std::move(made), std::move(any)}, schema);
  }
  const auto place_or_own = [&](const ExprPtr& given, std::size_t at) {
    const auto* constant = std::get_if<plan::Constant>(&given->node);
    return constant != nullptr && constant->value.is_null() ? input_column(schema, at, span) : given;
  };
  const ExprPtr first = place_or_own(axis.first, own), last = place_or_own(axis.last, own + 1);
  ColumnNames names;
  std::vector<plan::NamedExpr> columns;
  for (std::size_t at = 0; at < own; ++at) {
    ExprPtr column = input_column(schema, at);
    if (at >= keys && keys == 0 && nonempty) {
      column =
          call_of("make_series", {"", &or_defaults}, {std::move(column), defaults[at - keys], first, last}, Type::dynamic, span);
    }
    columns.push_back({names.free_name(schema[at].name), std::move(column)});
  }
  columns.push_back({names.free_name(axis.name), axis.series(first, last)});
  return project(std::move(made), std::move(columns));
}

}  // namespace wardian::kql
