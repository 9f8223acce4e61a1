#include <algorithm>

#include "wardian/kql/bind_name.h"
#include "wardian/kql/constant_json.h"
#include "wardian/kql/functions/value_forms.h"
#include "wardian/kql/operators/summarize.h"
#include "wardian/kql/plugins/plugin_table.h"
#include "wardian/kql/plugins/query_body.h"

namespace wardian::kql {
namespace {

/// Source: the reference, "pivot plugin". Those that give 0, [] or {} of no rows are said so, the others give null.
struct Aggregation {
  std::string_view name;
  std::string_view of_none;
};
constexpr auto kAggregations = std::to_array<Aggregation>({
    {"any", ""},
    {"avg", ""},
    {"count", "0"},
    {"dcount", "0"},
    {"make_bag", "{}"},
    {"make_list", "[]"},
    {"make_set", "[]"},
    {"max", ""},
    {"min", ""},
    {"stdev", ""},
    {"sum", "0"},
    {"take_any", ""},
    {"variance", ""},
});
static_assert(std::ranges::is_sorted(kAggregations, {}, &Aggregation::name));

constexpr std::size_t kColumnsMax = 10'000;
constexpr char kPivot[] = "#pivot";

/// The cell of the one row of a group whose pivot value is the second argument's; what an empty group has elsewhere.
sql::ExprPtr cell(const plan::CallSite& site) {
  sql::ExprPtr here = sql::binary("=", site.arguments[1], site.arguments[2]);
  sql::ExprPtr found = sql::call("any_value", {sql::if_else(std::move(here), site.arguments[0], sql::null())});
  return sql::call("coalesce", {std::move(found), site.arguments[3]});
}

const syntax::Expr& count_call() {
  static const syntax::Expr made = [] {
    syntax::Expr expr;
    syntax::Call call;
    call.function.text = "count";
    expr.node = std::move(call);
    return expr;
  }();
  return made;
}

/// The value of a cell that no row falls in.
ExprPtr empty_cell(std::string_view aggregate, Type type, SourceSpan span) {
  const auto* const row = std::ranges::find(kAggregations, aggregate, &Aggregation::name);
  if (row == kAggregations.end() || row->of_none.empty()) return constant_expr(columnar::null_of(type), span);
  if (type == Type::dynamic) return constant_expr(Value{Type::dynamic, std::string(row->of_none)}, span);
  if (type == Type::timespan) return constant_expr(Value{type, std::int64_t{0}}, span);
  return cast(constant_expr(Value{Type::int64, std::int64_t{0}}, span), type);
}

struct Plan {
  std::string aggregate = "count";
  std::vector<std::size_t> keys;
  NodePtr grouped;  // the keys, the pivot value as text, the cell
};

Result<Plan> group(Binder& binder, const PluginCall& call, const NodePtr& input) {
  Plan made;
  const std::size_t pivot = call.arguments.at("pivotColumn").column;
  const PluginArgument* const given = call.arguments.find("aggregationFunction");
  const syntax::Expr& aggregate = given != nullptr ? *given->written : count_call();
  std::optional<std::size_t> measured;
  if (const auto* function = std::get_if<syntax::Call>(&aggregate.node)) {
    made.aggregate = function->function.text;
    if (std::ranges::find(kAggregations, made.aggregate, &Aggregation::name) == kAggregations.end()) {
      return error_at(ErrorCode::bad_argument, "pivot() cannot aggregate by " + made.aggregate + "()", function->function.span,
                      "count, sum, min, max, avg, dcount, stdev, variance, take_any, make_list, make_set or make_bag");
    }
    if (!function->arguments.empty()) {
      const auto* name = std::get_if<syntax::Name>(&function->arguments.front().node);
      if (name != nullptr) measured = columnar::find_column(input->schema, name->text);
    }
  } else {
    return error_at(ErrorCode::wrong_context, "A call of an aggregate is needed here", aggregate.span,
                    "pivot(column, sum(value), key)");
  }
  for (const PluginArgument* key : call.arguments.all("column")) made.keys.push_back(key->column);
  if (made.keys.empty()) {
    for (std::size_t at = 0; at < input->schema.size(); ++at) {
      if (at != pivot && at != measured) made.keys.push_back(at);
    }
  }
  std::vector<plan::NamedExpr> columns = all_columns(*input);
  columns.push_back({kPivot, cast(input_column(input->schema, pivot), Type::string)});
  const NodePtr table = project(input, std::move(columns));

  Grouping grouping(binder, table, call.site.env.over(*table));
  const auto name_of = [&](std::string text) {
    syntax::Expr name;
    name.node = syntax::Name{std::move(text), true};
    name.span = call.name().span;
    return name;
  };
  for (const std::size_t key : made.keys) {
    const syntax::Expr name = name_of(input->schema[key].name);
    WARDIAN_TRY(grouping.add_key(name));
  }
  const syntax::Expr pivot_name = name_of(kPivot);
  WARDIAN_TRY(grouping.add_key(pivot_name));
  WARDIAN_TRY(grouping.add_aggregate(aggregate));
  made.grouped = grouping.finish();
  if (made.grouped->schema.size() != made.keys.size() + 2) {
    return error_at(ErrorCode::bad_argument, "pivot() takes an aggregate of one column", aggregate.span);
  }
  return made;
}

/// The values of the pivot column as text, in the order in which they come first.
Result<std::vector<std::string>> pivot_values(Binder& binder, const NodePtr& table, std::size_t column, SourceSpan span) {
  NodePtr values = project(table, {{"value", cast(input_column(table->schema, column), Type::string)}});
  WARDIAN_ASSIGN(const NodePtr list, bind_body(binder, R"(
      T | serialize row = row_number() | summarize row = min(row) by value | sort by row asc | summarize make_list(value))",
                                               {{"T", std::move(values)}}, span));
  WARDIAN_ASSIGN(const Value found, binder.constant(plan::make_expr(plan::ScalarSubquery{list}, Type::dynamic, span), span));
  std::vector<std::string> made;
  const auto* json = std::get_if<std::string>(&found.held);
  for (const Value& each : (json != nullptr ? array_elements(*json) : std::nullopt).value_or(std::vector<Value>())) {
    const auto* text = std::get_if<std::string>(&each.held);
    made.push_back(text != nullptr ? *text : std::string());
  }
  if (made.size() > kColumnsMax) {
    return error_at(ErrorCode::bad_argument,
                    "The pivot column has too many different values: " + std::to_string(made.size()) + ", more than " +
                        std::to_string(kColumnsMax),
                    span);
  }
  return made;
}

ExprPtr cell_of(const Plan& plan, const std::string& value, SourceSpan span) {
  const columnar::Schema& schema = plan.grouped->schema;
  const std::size_t pivot = plan.keys.size();
  const Type type = schema[pivot + 1].type;
  return plan::make_expr(plan::Call{"pivot",
                                    {"", &cell},
                                    {input_column(schema, pivot + 1), input_column(schema, pivot),
                                     constant_expr(Value{Type::string, value}, span), empty_cell(plan.aggregate, type, span)}},
                         type, span);
}

}  // namespace

/// A row for each combination of the keys, a column for each value of the pivot column. Which those are, only the data
/// tells, unless the query gives the schema: the input is run first.
OperatorResult bind_pivot(Binder& binder, const PluginCall& call) {
  const SourceSpan span = call.name().span;
  const bool declared = call.node.schema.has_value();
  NodePtr input = call.site.input;
  if (!declared) {
    WARDIAN_TRY(group(binder, call, input));  // what is wrong with the call comes before anything is run
    WARDIAN_ASSIGN(input, binder.materialise(input, "pivot()", span));
  }
  WARDIAN_ASSIGN(const Plan plan, group(binder, call, input));
  const columnar::Schema& grouped = plan.grouped->schema;
  plan::Aggregate wide;
  wide.input = plan.grouped;
  columnar::Schema schema;
  ColumnNames names;
  for (std::size_t at = 0; at < plan.keys.size(); ++at) {
    const std::string name = names.free_name(grouped[at].name);
    wide.keys.push_back({name, input_column(grouped, at)});
    schema.push_back({name, grouped[at].type});
  }
  const auto add = [&](const std::string& name, const std::string& value) {
    ExprPtr made = cell_of(plan, value, span);
    schema.push_back({name, made->type});
    wide.aggregates.push_back({name, std::move(made)});
  };
  if (declared) {
    for (const syntax::SchemaColumn& column : call.node.schema->columns) {
      if (!column.star && !columnar::find_column(schema, column.name.text)) add(column.name.text, column.name.text);
    }
  } else {
    WARDIAN_ASSIGN(const std::vector<std::string> values,
                   pivot_values(binder, input, call.arguments.at("pivotColumn").column, span));
    for (const std::string& value : values) add(names.free_name(value.empty() ? "Column1" : value), value);
  }
  if (schema.empty()) return error_at(ErrorCode::bad_argument, "The result has no column", call.node.plugin.span);
  return plan::make_node(std::move(wide), std::move(schema));
}

}  // namespace wardian::kql
