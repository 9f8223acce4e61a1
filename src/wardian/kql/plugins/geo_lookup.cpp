#include <algorithm>
#include <array>

#include "wardian/base/similar_name.h"
#include "wardian/kql/aggregates/aggregate_call.h"
#include "wardian/kql/functions/value_forms.h"
#include "wardian/kql/operators/join.h"
#include "wardian/kql/operators/projection.h"

namespace wardian::kql {
namespace {

/// What the call says, beside the input.
struct Lookup {
  NodePtr table;
  std::size_t key = 0;  // the column of shapes in `table`
  ExprPtr longitude, latitude;
  ExprPtr radius;  // null: none was given
  bool return_unmatched = false;
  bool return_key = false;
};

/// Those that may be named, in the order in which they may also be given. `lookup_area_radius` tunes the service's own search and
/// changes no result.
constexpr std::array<std::string_view, 4> kOptions = {"radius", "return_unmatched", "lookup_area_radius", "return_lookup_key"};

Result<std::size_t> column_of(const syntax::Expr& expr, const columnar::Schema& schema, const Environment& env) {
  const auto* name = std::get_if<syntax::Name>(&expr.node);
  if (name == nullptr) return error_at(ErrorCode::wrong_context, "The name of a column is needed here", expr.span);
  const auto at = columnar::find_column(schema, name->text);
  if (!at) return unknown_name(name->text, expr.span, env);
  return *at;
}

/// The input's column as real.
Result<ExprPtr> coordinate(const syntax::Expr& expr, const OperatorSite& site) {
  WARDIAN_ASSIGN(const std::size_t at, column_of(expr, site.input->schema, site.rows()));
  if (columnar::is_numeric(site.input->schema[at].type)) return cast(input_column(site.input->schema, at, expr.span), Type::real);
  return error_at(ErrorCode::type_mismatch, "A coordinate is a number", expr.span, conversion_hint(Type::real));
}

Status set_option(Binder& binder, Lookup& lookup, std::size_t which, const syntax::Expr& value, const Environment& env) {
  if (which == 1 || which == 3) {
    WARDIAN_ASSIGN(ExprPtr flag, binder.scalar_of(value, Type::boolean, env));
    WARDIAN_ASSIGN(const Value held, binder.constant(flag, value.span));
    const bool* given = std::get_if<bool>(&held.held);
    (which == 1 ? lookup.return_unmatched : lookup.return_key) = given != nullptr && *given;
    return {};
  }
  WARDIAN_ASSIGN(ExprPtr metres, binder.scalar_of(value, Type::real, env));
  WARDIAN_ASSIGN(Value held, binder.constant(metres, value.span));
  if (which == 0 && !held.is_null()) lookup.radius = constant_expr(std::move(held), value.span);
  return {};
}

Result<Lookup> lookup_of(Binder& binder, const syntax::Call& call, const OperatorSite& site, bool lines) {
  Lookup made;
  const std::size_t least = lines ? 5 : 4;
  const auto wrong = [&](SourceSpan span) {
    return error_at(ErrorCode::argument_count,
                    call.function.text + "() takes a table, its column of shapes, the columns of longitude and latitude" +
                        (lines ? ", a radius" : "") + ", and options",
                    span, std::string(lines ? "" : "radius, ") + "return_unmatched, lookup_area_radius, return_lookup_key");
  };
  if (call.arguments.size() < least || call.arguments.size() > 8) return wrong(call.function.span);
  const Environment env = site.env.without_rows();
  WARDIAN_ASSIGN(made.table, binder.table(call.arguments[0], env));
  WARDIAN_ASSIGN(made.key, column_of(call.arguments[1], made.table->schema, env.over(*made.table)));
  if (made.table->schema[made.key].type != Type::dynamic) {
    return error_at(ErrorCode::type_mismatch, "The shapes are a dynamic column", call.arguments[1].span);
  }
  WARDIAN_ASSIGN(made.longitude, coordinate(call.arguments[2], site));
  WARDIAN_ASSIGN(made.latitude, coordinate(call.arguments[3], site));
  for (std::size_t position = 4; position < call.arguments.size(); ++position) {
    const auto* named = std::get_if<syntax::Named>(&call.arguments[position].node);
    std::size_t which = position - 4;
    if (named != nullptr) {
      const syntax::Identifier& name = named->names.front();
      which = static_cast<std::size_t>(std::ranges::find(kOptions, name.text) - kOptions.begin());
      if (which == kOptions.size()) {
        return error_at(ErrorCode::bad_argument, call.function.text + "() has no argument of that name: " + name.text, name.span,
                        did_you_mean(name.text, kOptions));
      }
    }
    WARDIAN_TRY(set_option(binder, made, which, named != nullptr ? *named->value : call.arguments[position], env));
  }
  if (lines && made.radius == nullptr) return wrong(call.function.span);
  return made;
}

/// A JSON array of them all; make_list() would stop at some number.
sql::ExprPtr all_in_array(const CallSite& site) {
  sql::ExprPtr list = aggregate_call("list", {site.arguments[0]}, nullptr, false);
  sql::ExprPtr joined = sql::call("array_to_string", {std::move(list), sql::string(",")});
  return sql::call("concat", {sql::string("["), std::move(joined), sql::string("]")});
}

NodePtr shared(Binder& binder, NodePtr table) {
  columnar::Schema schema = table->schema;
  return plan::make_node(plan::Shared{std::move(table), "lookup", binder.next_shared_id()}, std::move(schema));
}

/// A name that no column has.
std::string free_name(const columnar::Schema& schema, std::string_view name) {
  ColumnNames names;
  for (const columnar::Column& column : schema) names.reserve(column.name);
  return names.free_name(std::string(name));
}

/// The lookup table with the number of each row as its last column.
Result<NodePtr> numbered(Binder& binder, const NodePtr& table, SourceSpan span) {
  std::vector<plan::NamedExpr> columns = all_columns(*table);
  WARDIAN_ASSIGN(ExprPtr number, binder.built_in("row_number", {}, span, true));
  columns.push_back({free_name(table->schema, "row"), std::move(number)});
  return shared(binder, project(table, std::move(columns)));
}

/// All [number, shape] of the numbered table, as one value.
Result<ExprPtr> all_shapes(Binder& binder, const NodePtr& table, std::size_t key, SourceSpan span) {
  const std::size_t number = table->schema.size() - 1;
  WARDIAN_ASSIGN(ExprPtr pair,
                 binder.built_in("pack_array", {input_column(table->schema, number), input_column(table->schema, key)}, span));
  ExprPtr all = plan::make_expr(plan::Call{"make_list", {"", &all_in_array}, {std::move(pair)}}, Type::dynamic, span);
  NodePtr one = plan::make_node(plan::Aggregate{table, {}, {{"shapes", std::move(all)}}}, {{"shapes", Type::dynamic}});
  return plan::make_expr(plan::ScalarSubquery{shared(binder, std::move(one))}, Type::dynamic, span);
}

/// The input, once for each row of the lookup table that its point matches, with the number of that row as its last column.
NodePtr matched(const NodePtr& input, ExprPtr numbers) {
  std::vector<plan::NamedExpr> columns = all_columns(*input);
  const std::size_t last = columns.size();
  columns.push_back({free_name(input->schema, "matched"), std::move(numbers)});
  NodePtr asked = project(input, std::move(columns));
  columnar::Schema schema = asked->schema;
  plan::Expand expand;
  expand.input = asked;
  expand.items.push_back({input_column(schema, last), last});
  return plan::make_node(std::move(expand), std::move(schema));
}

/// One index holds all shapes, and each point asks it which rows they are of; the rest is a join on the rows' numbers.
OperatorResult bind_lookup(Binder& binder, const syntax::Call& call, const OperatorSite& site, bool lines) {
  WARDIAN_ASSIGN(Lookup lookup, lookup_of(binder, call, site, lines));
  const SourceSpan span = call.function.span;
  WARDIAN_ASSIGN(const NodePtr table, numbered(binder, lookup.table, span));
  WARDIAN_ASSIGN(ExprPtr shapes, all_shapes(binder, table, lookup.key, span));
  if (lookup.radius == nullptr) lookup.radius = constant_expr(Value{Type::real, {}}, span);
  const plan::Lowering kernel{lines ? "wardian_geo_line_lookup" : "wardian_geo_polygon_lookup", nullptr};
  const std::string_view name = lines ? "geo_line_lookup" : "geo_polygon_lookup";
  ExprPtr numbers = plan::make_expr(
      plan::Call{name, kernel, {lookup.longitude, lookup.latitude, std::move(shapes), lookup.radius}}, Type::dynamic, span);
  const NodePtr left = matched(site.input, std::move(numbers));

  const std::size_t width = site.input->schema.size();
  JoinKeys keys;
  keys.emplace_back(cast(input_column(left->schema, width), Type::int64),
                    plan::make_expr(plan::ColumnRef{1, static_cast<std::uint32_t>(table->schema.size() - 1)}, Type::int64, span));
  const plan::JoinKind kind = lookup.return_unmatched ? plan::JoinKind::left_outer : plan::JoinKind::inner;
  const NodePtr join =
      plan::make_node(plan::Join{left, table, kind, std::move(keys)}, joined_schema(left->schema, table->schema));

  columnar::Schema shown;
  std::vector<std::size_t> places;
  for (std::size_t at = 0; at < width; ++at) places.push_back(at);
  for (std::size_t at = 0; at + 1 < table->schema.size(); ++at) {
    if (at == lookup.key && !lookup.return_key) continue;
    shown.push_back(table->schema[at]);
    places.push_back(width + 1 + at);
  }
  const columnar::Schema names = joined_schema(site.input->schema, shown);
  std::vector<plan::NamedExpr> columns;
  for (const std::size_t place : places) {
    columns.push_back({names[columns.size()].name, input_column(join->schema, place)});
  }
  return project(join, std::move(columns));
}

}  // namespace

OperatorResult bind_geo_line_lookup(Binder& binder, const syntax::EvaluateOperator& node, const OperatorSite& site) {
  return bind_lookup(binder, node.plugin, site, true);
}

OperatorResult bind_geo_polygon_lookup(Binder& binder, const syntax::EvaluateOperator& node, const OperatorSite& site) {
  return bind_lookup(binder, node.plugin, site, false);
}

}  // namespace wardian::kql
