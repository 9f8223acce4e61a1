#include <charconv>

#include "wardian/kql/operators/projection.h"
#include "wardian/kql/plugins/plugin_table.h"
#include "wardian/kql/plugins/timeline.h"

namespace wardian::kql {
namespace {

/// Each value counts in the bin that it is in and in those after it; bins without a value of their own have no row.
constexpr char kBody[] = R"(
let bins = T | summarize by _key, _bin;
T
| where isnotnull(_value)
| mv-expand step = range(_bin, _bin + _width - 1, 1) to typeof(long)
| summarize found = percentile(_value, _percent) by _key, _bin = step
| join kind=inner (bins) on _key, _bin
| project _key, _bin, found)";

constexpr std::int64_t kBinsMax = 100'000;

}  // namespace

OperatorResult bind_rolling_percentile(Binder& binder, const PluginCall& call) {
  const PluginArguments& arguments = call.arguments;
  const PluginArgument& value = arguments.at("ValueColumn");
  const PluginArgument& width = arguments.at("BinsPerWindow");
  const PluginArgument& percentile = arguments.at("Percentile");
  WARDIAN_ASSIGN(const Value bins, binder.constant(cast(width.value, Type::int64), width.written->span));
  const auto* count = std::get_if<std::int64_t>(&bins.held);
  if (count == nullptr || *count < 1 || *count > kBinsMax) {
    return error_at(ErrorCode::bad_argument, "BinsPerWindow is a number from 1 to " + std::to_string(kBinsMax),
                    width.written->span);
  }
  WARDIAN_ASSIGN(const Value percent, binder.constant(cast(percentile.value, Type::real), percentile.written->span));
  const auto* rank = std::get_if<double>(&percent.held);
  if (rank == nullptr || !(*rank >= 0 && *rank <= 100)) {
    return error_at(ErrorCode::bad_argument, "A percentile is a number from 0 to 100", percentile.written->span);
  }
  const columnar::Column& index = call.site.input->schema[arguments.at("IndexColumn").column];
  const Value zero{index.type == Type::datetime || index.type == Type::timespan ? index.type : Type::int64, std::int64_t{0}};
  ExprPtr origin = constant_expr(zero);
  if (columnar::is_numeric(index.type)) origin = cast(std::move(origin), index.type);
  WARDIAN_ASSIGN(Timeline timeline, Timeline::over(binder, call, arguments.at("BinSize"), std::move(origin)));
  WARDIAN_ASSIGN(NodePtr rows, timeline.rows(nullptr, nullptr, &value));
  WARDIAN_ASSIGN(NodePtr made, timeline.answer(kBody, {{"T", std::move(rows)},
                                                       named_value("_width", *count),
                                                       named_value("_percent", constant_expr(percent))}));
  char digits[32];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), *rank).ptr;
  std::vector<plan::NamedExpr> columns = all_columns(*made);
  columns.back().expr = cast(columns.back().expr, call.site.input->schema[value.column].type);
  columns.back().name = "rolling_" + std::to_string(*count) + "_percentile_" + call.site.input->schema[value.column].name + "_" +
                        std::string(std::begin(digits), end);
  return project(std::move(made), std::move(columns));
}

}  // namespace wardian::kql
