#include "wardian/kql/operators/projection.h"
#include "wardian/kql/plugins/plugin_table.h"

namespace wardian::kql {
namespace {

constexpr std::int64_t kRowsMax = 1'000'000'000;

Result<std::int64_t> row_count(Binder& binder, const PluginArgument& argument) {
  WARDIAN_ASSIGN(const Value value, binder.constant(cast(argument.value, Type::int64), argument.written->span));
  const auto* rows = std::get_if<std::int64_t>(&value.held);
  if (rows == nullptr || *rows < 0 || *rows > kRowsMax) {
    return error_at(ErrorCode::bad_argument, "A number of rows from 0 to " + std::to_string(kRowsMax) + " is needed here",
                    argument.written->span);
  }
  return *rows;
}

}  // namespace

/// The rows in whose neighbourhood the condition holds somewhere.
OperatorResult bind_rows_near(Binder& binder, const PluginCall& call) {
  const SourceSpan span = call.name().span;
  WARDIAN_ASSIGN(const std::int64_t before, row_count(binder, call.arguments.at("NumRows")));
  std::int64_t after = before;
  if (const PluginArgument* given = call.arguments.find("RowsAfter")) {
    WARDIAN_ASSIGN(after, row_count(binder, *given));
  }
  // A row is as far behind the condition as the condition is before the row.
  const std::string frame = "ROWS BETWEEN " + std::to_string(after) + " PRECEDING AND " + std::to_string(before) + " FOLLOWING";
  std::vector<plan::NamedExpr> columns = all_columns(*call.site.input);
  columns.push_back(
      {"#near", plan::make_expr(plan::WindowCall{"rows_near", {"bool_or"}, {call.arguments.at("Condition").value}, frame},
                                Type::boolean, span)});
  NodePtr marked = project(call.site.input, std::move(columns));
  columnar::Schema schema = marked->schema;
  const bool serialized = marked->serialized;
  ExprPtr near = as_condition(input_column(schema, schema.size() - 1));
  NodePtr kept = plan::make_node(plan::Filter{std::move(marked), std::move(near)}, std::move(schema), serialized);
  std::vector<plan::NamedExpr> shown = all_columns(*kept);
  shown.pop_back();
  return project(std::move(kept), std::move(shown));
}

}  // namespace wardian::kql
