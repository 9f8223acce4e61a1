#pragma once

#include "wardian/kql/plugins/plugin.h"
#include "wardian/kql/plugins/query_body.h"

namespace wardian::kql {

/// What the plugins of user activity share: rows of an id at a place of a timeline, cut into steps that are counted from
/// 0, apart for each combination of dimensions. A body sees the rows as a table T of
///   _key: string   the dimensions as one value ('' where there are none)
///   _id            the id
///   _time          the place on the timeline
///   _bin: long     its step
/// and gives a table of _key, steps and measures, in which `answer` puts the places and the dimensions back.
class Timeline {
 public:
  /// The arguments IdColumn (or none), TimelineColumn and Dimension. `step` is a number, a timespan, or 'week', 'month',
  /// 'year'; steps begin at `origin`.
  static Result<Timeline> over(Binder& binder, const PluginCall& call, const PluginArgument& step, ExprPtr origin);

  /// The step that a value of the timeline falls in.
  Result<ExprPtr> step_of(ExprPtr place);
  /// How many steps a stretch covers, rounded down; a number or timespan.
  Result<ExprPtr> steps_in(ExprPtr stretch);
  /// Where a step begins.
  Result<ExprPtr> begin_of(ExprPtr step);

  /// A number of steps as a constant, which is an error beyond `most`: rows are made for each of them.
  Result<ExprPtr> bounded(ExprPtr steps, std::int64_t most);

  /// The rows from `from` to `to`, both included; null: no bound. A column of the input may come along under `_value`.
  Result<NodePtr> rows(const ExprPtr& from, const ExprPtr& to, const PluginArgument* value = nullptr);

  /// The body's answer. Of its columns `_bin`, `_from` and `_to` become places of the timeline, under the column's own
  /// name or from_ and to_ before it; `_key` the dimensions behind them; the others stay, in their order. Sorted by these.
  OperatorResult answer(std::string_view body, std::vector<std::pair<std::string, Meaning>> names);

  const columnar::Column& time() const { return call_.site.input->schema[time_]; }
  SourceSpan span() const { return call_.name().span; }

 private:
  Timeline(Binder& binder, const PluginCall& call) : binder_(binder), call_(call) {}
  Result<NodePtr> keyed_dimensions() const;

  Binder& binder_;
  const PluginCall& call_;
  std::size_t time_ = 0;
  std::vector<std::size_t> dimensions_;
  ExprPtr step_, origin_;
  std::string period_;  // "week", "month", "year"; empty: every step is as long as `step_`
  NodePtr rows_;
};

/// Along a datetime or timespan a step is a timespan, along numbers a number; the texts of periods are looked at later.
Status check_step(Type type, const PluginArgument& step);

/// Columns as one text, which differs where one of them does: '' of none.
Result<ExprPtr> dimension_key(Binder& binder, const columnar::Schema& schema, const std::vector<std::size_t>& dimensions,
                              SourceSpan span);

/// A stretch of the timeline in ticks, or along numbers the whole ones of it. A text or an element of an array may be a
/// timespan too.
Result<std::int64_t> window_length(Binder& binder, const ExprPtr& value, Type axis, SourceSpan span);

/// The first ("min") or last ("max") place of the timeline, for a bound that is not given.
Result<ExprPtr> extreme_place(Binder& binder, const PluginCall& call, const char* which);

/// The same name for a scalar in a body.
inline std::pair<std::string, Meaning> named_value(std::string name, ExprPtr value) {
  return {std::move(name), ScalarVariable{std::move(value), nullptr}};
}
inline std::pair<std::string, Meaning> named_value(std::string name, std::int64_t value) {
  return named_value(std::move(name), constant_expr(Value{Type::int64, value}));
}

}  // namespace wardian::kql
