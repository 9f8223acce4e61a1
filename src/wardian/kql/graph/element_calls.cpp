// all(), any(), map() over paths: the arrays of a match opened to one row an element, the expression computed there, and the rows of a
// match gathered again.
#include "wardian/kql/functions/value_forms.h"
#include "wardian/kql/graph/column_shift.h"
#include "wardian/kql/graph/graph_operators.h"
#include "wardian/kql/graph/match_rows.h"
#include "wardian/kql/graph/numbered.h"
#include "wardian/kql/operators/projection.h"

namespace wardian::kql {
namespace {

/// The values in the order of their places, as one array; nulls stay.
sql::ExprPtr ordered_array(const CallSite& site) {
  sql::ExprPtr json = sql::call("coalesce", {json_argument(site, 0), sql::string("null")});
  sql::ExprPtr list =
      sql::make(sql::Call{"list", {std::move(json)}, false, {{site.arguments[1], false, sql::Nulls::last}}, nullptr});
  sql::ExprPtr joined = sql::call("array_to_string", {std::move(list), sql::string(",")});
  return sql::call("concat", {sql::string("["), std::move(joined), sql::string("]")});
}
template <const char* function>
sql::ExprPtr folded(const CallSite& site) {
  return sql::call(function, {sql::call("coalesce", {site.arguments[0], sql::boolean(false)})});
}
constexpr char kAnd[] = "bool_and", kOr[] = "bool_or";
/// The second where the first is null: of a path without elements.
sql::ExprPtr or_else(const CallSite& site) { return sql::call("coalesce", {site.arguments[0], site.arguments[1]}); }

plan::Call gathering(ElementCall::Kind kind, ExprPtr value, ExprPtr place) {
  switch (kind) {
    case ElementCall::Kind::all: return {"all", {"", &folded<kAnd>}, {std::move(value)}};
    case ElementCall::Kind::any: return {"any", {"", &folded<kOr>}, {std::move(value)}};
    case ElementCall::Kind::map: break;
  }
  return {"map", {"", &ordered_array}, {std::move(value), std::move(place)}};
}

Type type_of(ElementCall::Kind kind) { return kind == ElementCall::Kind::map ? Type::dynamic : Type::boolean; }

Value of_nothing(ElementCall::Kind kind) {
  if (kind == ElementCall::Kind::map) return {Type::dynamic, std::string("[]")};
  return {Type::boolean, kind == ElementCall::Kind::all};
}

/// One row an element of one path of every match: the columns of the element, of the match, the match's number, the place.
Result<NodePtr> opened(const NodePtr& numbered, const MatchPattern& pattern, std::size_t path, bool inner,
                       PatternTables& tables) {
  const std::size_t width = numbered->schema.size();
  plan::Expand expand;
  expand.input = numbered;
  expand.items.push_back({input_column(numbered->schema, pattern.scope.elements[path].first + (inner ? 1 : 0)), width});
  expand.index_output = width + 1;
  columnar::Schema schema = numbered->schema;
  schema.push_back({"#element", Type::dynamic});
  schema.push_back({"#place", Type::int64});
  const NodePtr rows = plan::make_node(std::move(expand), std::move(schema));
  std::vector<plan::NamedExpr> columns = all_columns(*rows);
  columns[width].expr = cast(columns[width].expr, inner ? Type::string : Type::int64);
  const NodePtr elements = project(rows, std::move(columns));
  if (inner) {
    WARDIAN_ASSIGN(NodePtr nodes, tables.nodes());
    return joined(std::move(nodes), elements, plan::JoinKind::inner, {{pattern.scope.node_properties(), width}});
  }
  WARDIAN_ASSIGN(NodePtr edges, tables.edges());
  return joined(std::move(edges), elements, plan::JoinKind::inner, {{pattern.scope.edge_properties(), width}});
}

}  // namespace

Result<NodePtr> with_element_calls(Binder& binder, NodePtr matches, const MatchPattern& pattern,
                                   std::span<const ElementCall> calls, PatternTables& tables) {
  if (calls.empty()) return matches;
  const std::size_t width = matches->schema.size();
  std::vector<plan::NamedExpr> columns = all_columns(*matches);
  std::vector<std::optional<std::size_t>> results(calls.size());
  NodePtr numbered, rows;
  for (std::size_t first = 0; first < calls.size(); ++first) {
    const ElementCall& leader = calls[first];
    if (leader.value == nullptr || results[first]) continue;
    if (rows == nullptr) rows = numbered = with_row_numbers(binder, std::move(matches), "#match");
    // All calls over the same elements in one pass.
    WARDIAN_ASSIGN(const NodePtr elements, opened(numbered, pattern, leader.path, leader.inner, tables));
    const std::size_t own = leader.inner ? pattern.scope.node_row.size() : pattern.scope.edge_row.size();
    const std::size_t before = elements->schema.size() - numbered->schema.size() - 2;  // the columns of nodes() or edges()
    std::vector<plan::NamedExpr> values = {{"#match", input_column(elements->schema, before + width)},
                                           {"#place", input_column(elements->schema, elements->schema.size() - 1)}};
    std::vector<std::size_t> members;
    for (std::size_t at = first; at < calls.size(); ++at) {
      if (calls[at].value == nullptr || calls[at].path != leader.path || calls[at].inner != leader.inner) continue;
      members.push_back(at);
      values.push_back({"value", with_columns_at(calls[at].value, [&](std::size_t column) {
                          return column < own ? column : before + column - own;
                        })});
    }
    const NodePtr computed = project(elements, std::move(values));
    plan::Aggregate gathered;
    gathered.input = computed;
    gathered.keys.push_back({"#match", input_column(computed->schema, 0)});
    columnar::Schema schema = {{"#match", Type::int64}};
    for (std::size_t at = 0; at < members.size(); ++at) {
      const ElementCall::Kind kind = calls[members[at]].kind;
      plan::Call call = gathering(kind, input_column(computed->schema, 2 + at), input_column(computed->schema, 1));
      gathered.aggregates.push_back({"value", plan::make_expr(std::move(call), type_of(kind))});
      schema.push_back({"value", type_of(kind)});
      results[members[at]] = rows->schema.size() + 1 + at;
    }
    NodePtr found = plan::make_node(std::move(gathered), std::move(schema));
    rows = joined(std::move(rows), std::move(found), plan::JoinKind::left_outer, {{width, 0}});
  }
  for (std::size_t at = 0; at < calls.size(); ++at) {
    const ElementCall::Kind kind = calls[at].kind;
    ExprPtr value = constant_expr(of_nothing(kind));
    if (results[at]) {
      ExprPtr found = input_column(rows->schema, *results[at]);
      value = plan::make_expr(plan::Call{"coalesce", {"", &or_else}, {std::move(found), std::move(value)}}, type_of(kind));
    }
    columns.push_back({"#call", std::move(value)});
  }
  return project(rows != nullptr ? std::move(rows) : std::move(matches), std::move(columns));
}

}  // namespace wardian::kql
