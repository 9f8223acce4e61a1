#include "wardian/kql/plugins/timeline.h"

#include <algorithm>
#include <array>

#include "wardian/kql/operators/projection.h"

namespace wardian::kql {
namespace {

constexpr auto kPeriods = std::to_array<std::pair<std::string_view, std::string_view>>(
    {{"month", "startofmonth"}, {"week", "startofweek"}, {"year", "startofyear"}});

ExprPtr text(std::string value) { return constant_expr(Value{Type::string, std::move(value)}); }

NodePtr filtered(NodePtr table, ExprPtr condition) {
  columnar::Schema schema = table->schema;
  const bool serialized = table->serialized;
  return plan::make_node(plan::Filter{std::move(table), as_condition(condition)}, std::move(schema), serialized);
}

/// Start and End are places of the timeline.
Status check_bounds(const PluginCall& call, Type type) {
  for (const std::string_view name : {"Start", "End"}) {
    const PluginArgument* const bound = call.arguments.find(name);
    if (bound == nullptr || bound->value->type == type) continue;
    if (columnar::is_numeric(type) && columnar::is_numeric(bound->value->type)) continue;
    return error_at(ErrorCode::type_mismatch,
                    "The bounds of a " + std::string(columnar::type_name(type)) + " are of that type, not " +
                        std::string(columnar::type_name(bound->value->type)),
                    bound->written->span);
  }
  return {};
}

}  // namespace

Status check_step(Type type, const PluginArgument& step) {
  const bool timed = type == Type::datetime || type == Type::timespan;
  if (step.value->type == Type::string || timed == (step.value->type == Type::timespan)) return {};
  return error_at(ErrorCode::type_mismatch,
                  "The step of a " + std::string(columnar::type_name(type)) + " is a " + (timed ? "timespan" : "number"),
                  step.written->span);
}

Result<Timeline> Timeline::over(Binder& binder, const PluginCall& call, const PluginArgument& step, ExprPtr origin) {
  Timeline made(binder, call);
  const PluginArgument* axis = call.arguments.find("TimelineColumn");
  if (axis == nullptr) axis = call.arguments.find("IndexColumn");
  made.time_ = axis->column;
  for (const PluginArgument* dimension : call.arguments.all("Dimension")) made.dimensions_.push_back(dimension->column);
  made.origin_ = std::move(origin);
  made.step_ = step.value;
  const SourceSpan place = step.written->span;
  const Type type = made.time().type;
  WARDIAN_TRY(check_bounds(call, type));
  if (made.step_->type == Type::string) {
    WARDIAN_ASSIGN(const Value word, binder.constant(made.step_, place));
    made.period_ = std::get<std::string>(word.held);
    if (std::ranges::find(kPeriods, made.period_, &decltype(kPeriods)::value_type::first) == kPeriods.end()) {
      return error_at(ErrorCode::bad_argument, "Not a period: " + made.period_, place, "A timespan, 'week', 'month' or 'year'");
    }
    if (type != Type::datetime) {
      return error_at(ErrorCode::type_mismatch,
                      "A " + made.period_ + " is a part of a datetime, not of " + std::string(columnar::type_name(type)), place);
    }
    return made;
  }
  WARDIAN_TRY(check_step(type, step));
  const ExprPtr zero = cast(constant_expr(Value{Type::int64, std::int64_t{0}}), made.step_->type);
  WARDIAN_ASSIGN(ExprPtr positive, binder.binary(">", made.step_, zero, place, place));
  WARDIAN_ASSIGN(const Value holds, binder.constant(positive, place));
  const bool* const is = std::get_if<bool>(&holds.held);
  if (is == nullptr || !*is) return error_at(ErrorCode::bad_argument, "A step is greater than zero", place);
  return made;
}

Result<ExprPtr> Timeline::step_of(ExprPtr place) {
  const SourceSpan at = span();
  if (!period_.empty()) {
    return binder_.built_in("datetime_diff", {text(period_), std::move(place), origin_}, at);
  }
  WARDIAN_ASSIGN(ExprPtr begin, binder_.built_in("bin_at", {std::move(place), step_, origin_}, at));
  WARDIAN_ASSIGN(ExprPtr distance, binder_.binary("-", std::move(begin), origin_, at, at));
  WARDIAN_ASSIGN(ExprPtr steps, binder_.binary("/", cast(std::move(distance), step_->type), step_, at, at));
  if (columnar::is_integer(steps->type)) return cast(std::move(steps), Type::int64);
  WARDIAN_ASSIGN(ExprPtr whole, binder_.built_in("round", {cast(std::move(steps), Type::real)}, at));
  return cast(std::move(whole), Type::int64);
}

Result<ExprPtr> Timeline::steps_in(ExprPtr stretch) {
  const SourceSpan at = span();
  ExprPtr step = step_;
  if (!period_.empty()) {
    constexpr std::int64_t kTicksPerDay = 864'000'000'000;
    const std::int64_t days = period_ == "week" ? 7 : period_ == "month" ? 30 : 365;
    step = constant_expr(Value{Type::timespan, days * kTicksPerDay});
  }
  if ((stretch->type == Type::timespan) != (step->type == Type::timespan)) {
    return error_at(ErrorCode::type_mismatch, "A window is of the type of the step", at);
  }
  WARDIAN_ASSIGN(ExprPtr steps, binder_.binary("/", std::move(stretch), std::move(step), at, at));
  return cast(std::move(steps), Type::int64);
}

Result<ExprPtr> Timeline::begin_of(ExprPtr step) {
  const SourceSpan at = span();
  const Type type = time().type;
  if (!period_.empty()) {
    const auto* const row = std::ranges::find(kPeriods, period_, &decltype(kPeriods)::value_type::first);
    WARDIAN_ASSIGN(ExprPtr first, binder_.built_in(row->second, {origin_}, at));
    return binder_.built_in("datetime_add", {text(period_), std::move(step), std::move(first)}, at);
  }
  WARDIAN_ASSIGN(ExprPtr distance, binder_.binary("*", step_, std::move(step), at, at));
  WARDIAN_ASSIGN(ExprPtr begin, binder_.binary("+", origin_, std::move(distance), at, at));
  return cast(std::move(begin), type);
}

Result<ExprPtr> Timeline::bounded(ExprPtr steps, std::int64_t most) {
  const Result<Value> found = binder_.constant(steps, span());
  if (!found.ok() && binder_.left_to_the_run()) return steps;
  WARDIAN_ASSIGN(const Value value, found);
  const auto* count = std::get_if<std::int64_t>(&value.held);
  if (count != nullptr && *count > most) {
    return error_at(
        ErrorCode::bad_argument,
        std::string(call_.plugin.name) + "() would have " + std::to_string(*count) + " steps, more than " + std::to_string(most),
        span(), "Take longer steps or a shorter stretch of the timeline");
  }
  return constant_expr(value, span());
}

Result<ExprPtr> dimension_key(Binder& binder, const columnar::Schema& schema, const std::vector<std::size_t>& dimensions,
                              SourceSpan span) {
  if (dimensions.empty()) return text("");
  if (dimensions.size() == 1) return cast(input_column(schema, dimensions.front()), Type::string);
  std::vector<ExprPtr> parts;
  for (const std::size_t each : dimensions) parts.push_back(input_column(schema, each));
  WARDIAN_ASSIGN(ExprPtr packed, binder.built_in("pack_array", std::move(parts), span));
  return cast(std::move(packed), Type::string);
}

Result<NodePtr> Timeline::rows(const ExprPtr& from, const ExprPtr& to, const PluginArgument* value) {
  const SourceSpan at = span();
  NodePtr table = call_.site.input;
  const ExprPtr place = input_column(table->schema, time_);
  WARDIAN_ASSIGN(ExprPtr within, binder_.built_in("isnotnull", {place}, at));
  for (const auto& [bound, op] : {std::pair{&from, ">="}, std::pair{&to, "<="}}) {
    if (*bound == nullptr) continue;
    WARDIAN_ASSIGN(ExprPtr side, binder_.binary(op, place, *bound, at, at));
    WARDIAN_ASSIGN(within, binder_.binary("and", std::move(within), std::move(side), at, at));
  }
  table = filtered(std::move(table), std::move(within));

  WARDIAN_ASSIGN(ExprPtr key, dimension_key(binder_, table->schema, dimensions_, at));
  WARDIAN_ASSIGN(ExprPtr step, step_of(place));
  std::vector<plan::NamedExpr> columns{{"_key", std::move(key)}, {"_time", place}, {"_bin", std::move(step)}};
  if (const PluginArgument* id = call_.arguments.find("IdColumn")) {
    columns.push_back({"_id", input_column(table->schema, id->column)});
  }
  if (value != nullptr) columns.push_back({"_value", input_column(table->schema, value->column)});
  for (std::size_t each = 0; each < dimensions_.size(); ++each) {
    columns.push_back({"_dim" + std::to_string(each), input_column(table->schema, dimensions_[each])});
  }
  rows_ = run_once(binder_, project(std::move(table), std::move(columns)), call_.plugin.name);
  return rows_;
}

/// One row for each _key that there is, with the dimensions that it stands for.
Result<NodePtr> Timeline::keyed_dimensions() const {
  std::vector<plan::NamedExpr> columns;
  for (std::size_t at = 0; at < rows_->schema.size(); ++at) {
    const std::string& name = rows_->schema[at].name;
    if (name == "_key" || name.starts_with("_dim")) columns.push_back({name, input_column(rows_->schema, at)});
  }
  NodePtr table = project(rows_, std::move(columns));
  columnar::Schema schema = table->schema;
  return plan::make_node(plan::Distinct{std::move(table)}, std::move(schema));
}

OperatorResult Timeline::answer(std::string_view body, std::vector<std::pair<std::string, Meaning>> names) {
  WARDIAN_ASSIGN(NodePtr table, bind_body(binder_, body, std::move(names), span()));
  const auto key = columnar::find_column(table->schema, "_key");
  std::size_t first_dimension = 0;
  if (!dimensions_.empty()) {
    WARDIAN_ASSIGN(NodePtr keys, keyed_dimensions());
    columnar::Schema joined = table->schema;
    first_dimension = joined.size() + 1;
    for (const columnar::Column& column : keys->schema) joined.push_back(column);
    std::vector<std::pair<ExprPtr, ExprPtr>> on;
    on.emplace_back(input_column(table->schema, *key), plan::make_expr(plan::ColumnRef{1, 0}, Type::string, span()));
    table =
        plan::make_node(plan::Join{std::move(table), std::move(keys), plan::JoinKind::inner, std::move(on)}, std::move(joined));
  }

  std::vector<plan::NamedExpr> places, measures;
  std::vector<plan::NamedExpr>& columns = places;
  plan::Sort sort;
  const std::size_t own = dimensions_.empty() ? table->schema.size() : first_dimension - 1;
  for (std::size_t at = 0; at < own; ++at) {
    const std::string& name = table->schema[at].name;
    ExprPtr value = input_column(table->schema, at);
    if (name == "_key") continue;
    if (name == "_bin" || name == "_from" || name == "_to") {
      sort.keys.push_back({value, false, true});
      WARDIAN_ASSIGN(ExprPtr begin, begin_of(value));
      columns.push_back({name == "_bin" ? time().name : name.substr(1) + "_" + time().name, std::move(begin)});
    } else if (name == "_time") {
      sort.keys.push_back({value, false, true});
      columns.push_back({time().name, std::move(value)});
    } else {
      measures.push_back({name, std::move(value)});
    }
  }
  for (std::size_t each = 0; each < dimensions_.size(); ++each) {
    ExprPtr value = input_column(table->schema, first_dimension + each);
    sort.keys.push_back({value, false, true});
    columns.push_back({call_.site.input->schema[dimensions_[each]].name, std::move(value)});
  }
  columns.insert(columns.end(), std::make_move_iterator(measures.begin()), std::make_move_iterator(measures.end()));
  columnar::Schema schema = table->schema;
  sort.input = std::move(table);
  return project(plan::make_node(std::move(sort), std::move(schema), true), std::move(columns));
}

Result<std::int64_t> window_length(Binder& binder, const ExprPtr& value, Type axis, SourceSpan span) {
  const bool timed = axis == Type::datetime || axis == Type::timespan;
  ExprPtr stretch = value;
  if (timed && (value->type == Type::string || value->type == Type::dynamic)) stretch = cast(value, Type::timespan);
  if (timed ? stretch->type != Type::timespan : !columnar::is_numeric(stretch->type)) {
    return error_at(ErrorCode::type_mismatch,
                    "The window of a " + std::string(columnar::type_name(axis)) + " is a " + (timed ? "timespan" : "number"),
                    span);
  }
  // Whole numbers are no further apart than 2.5 where they are no further apart than 2.
  if (!timed && !columnar::is_integer(stretch->type)) {
    WARDIAN_ASSIGN(stretch, binder.built_in("floor", {stretch, constant_expr(Value{Type::int64, std::int64_t{1}})}, span));
    stretch = cast(std::move(stretch), Type::int64);
  }
  WARDIAN_ASSIGN(const Value found, binder.constant(cast(stretch, timed ? stretch->type : Type::int64), span));
  const auto* held = std::get_if<std::int64_t>(&found.held);
  if (held == nullptr || *held < 0) return error_at(ErrorCode::bad_argument, "A window is not less than zero", span);
  return *held;
}

Result<ExprPtr> extreme_place(Binder& binder, const PluginCall& call, const char* which) {
  const SourceSpan span = call.name().span;
  const NodePtr& input = call.site.input;
  const std::size_t column = call.arguments.at("TimelineColumn").column;
  syntax::Call aggregate;
  aggregate.function = {which, span, false};
  aggregate.span = span;
  WARDIAN_ASSIGN(ExprPtr made, binder.aggregate(aggregate, {input_column(input->schema, column)}));
  const Type type = made->type;
  NodePtr table = plan::make_node(plan::Aggregate{input, {}, {{"bound", std::move(made)}}}, {{"bound", type}});
  return plan::make_expr(plan::ScalarSubquery{std::move(table)}, type, span);
}

}  // namespace wardian::kql
