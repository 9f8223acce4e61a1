#include <algorithm>

#include "wardian/base/similar_name.h"
#include "wardian/kql/graph/bind_pattern_name.h"
#include "wardian/kql/graph/column_shift.h"
#include "wardian/kql/graph/graph_operators.h"
#include "wardian/kql/graph/match_rows.h"
#include "wardian/kql/operators/projection.h"

namespace wardian::kql {
namespace {

using Kind = PatternElement::Kind;

/// graph-match and graph-shortest-paths alike.
struct Search {
  std::vector<const syntax::GraphPattern*> parts;
  const syntax::Expr* where;  // may be null
  const std::vector<syntax::Expr>* columns;
  Cycles cycles;
  PathsWanted wanted;
};

/// One of the words that the parameter may be; its place in their list, 0 when it is not given.
Result<std::size_t> word_of(const syntax::Parameters& parameters, std::string_view name,
                            std::span<const std::string_view> words) {
  const syntax::Parameter* given = syntax::find_parameter(parameters, name);
  if (given == nullptr) return std::size_t{0};
  const auto* word = std::get_if<syntax::Name>(&given->value.node);
  const std::string_view text = word == nullptr ? std::string_view() : word->text;
  const auto at = std::ranges::find(words, text);
  if (at != words.end()) return static_cast<std::size_t>(at - words.begin());
  std::string all;
  for (const std::string_view each : words) all += (all.empty() ? "" : ", ") + std::string(each);
  return error_at(ErrorCode::bad_argument, "No such value of " + std::string(name) + ": " + std::string(text), given->value.span,
                  "One of " + all);
}

/// The expression, or where it speaks of a path as of one edge, `kind` of it over all edges.
Result<ExprPtr> bind_over_paths(Binder& binder, const syntax::Expr& expr, ElementCall::Kind kind, PatternScope& scope,
                                const Environment& env) {
  scope.used.clear();
  scope.every.reset();
  const std::size_t calls = scope.calls.size();
  WARDIAN_ASSIGN(ExprPtr bound, binder.scalar(expr, env));
  if (!scope.every) return bound;
  scope.calls.resize(calls);
  const std::size_t path = *scope.every;
  scope.every.reset();
  WARDIAN_ASSIGN(ExprPtr value, binder.scalar(expr, within_path(env, path, false)));
  if (kind == ElementCall::Kind::all && value->type != Type::boolean) return value;  // refused by the caller
  return element_call(scope, {kind, path, false, std::move(value)}, expr.span);
}

void conjuncts(const syntax::Expr& expr, std::vector<const syntax::Expr*>& made) {
  const auto* logical = std::get_if<syntax::Logical>(&expr.node);
  if (logical == nullptr || logical->op != syntax::LogicalOp::all_of) return made.push_back(&expr);
  for (const syntax::Expr& operand : logical->operands) conjuncts(operand, made);
}

ExprPtr both(Binder& binder, ExprPtr a, ExprPtr b) {
  if (a == nullptr) return b;
  const SourceSpan span = b->span;
  return binder.binary("and", std::move(a), std::move(b), span, span).value();
}

/// Takes a condition on single elements, which narrows the search; false: it is one on whole matches.
bool take_condition(Binder& binder, const ExprPtr& condition, PatternScope& scope, Conditions& conditions) {
  // all(path, …) that looks at nothing but the elements.
  const std::size_t width = scope.columns.size();
  if (const auto* ref = std::get_if<plan::ColumnRef>(&condition->node); ref != nullptr && ref->index >= width) {
    ElementCall& call = scope.calls[ref->index - width];
    const std::size_t own = call.inner ? scope.node_row.size() : scope.edge_row.size();
    if (call.kind != ElementCall::Kind::all || !columns_all(*call.value, [&](std::size_t at) { return at < own; })) return false;
    ExprPtr& known = (call.inner ? conditions.inner : conditions.element)[call.path];
    known = both(binder, std::move(known), std::move(call.value));
    call.value = nullptr;
    return true;
  }
  if (scope.used.size() != 1 || is_volatile(*condition)) return false;
  const std::size_t element = *scope.used.begin();
  const PatternElement& of = scope.elements[element];
  if (of.kind == Kind::path || !columns_all(*condition, [&](std::size_t at) { return at < width; })) return false;
  ExprPtr own = with_columns_at(condition, [&](std::size_t at) { return at - of.first; });
  ExprPtr& known = conditions.element[element];
  known = both(binder, std::move(known), std::move(own));
  return true;
}

/// a.x where the name of the expression comes from it and something stands around it: a function, an element, brackets.
const syntax::Member* property_within(const syntax::Expr& expr, const PatternScope& scope, bool within) {
  within = within || expr.parenthesised;
  if (const auto* call = std::get_if<syntax::Call>(&expr.node)) {
    return call->arguments.empty() ? nullptr : property_within(call->arguments.front(), scope, true);
  }
  if (const auto* index = std::get_if<syntax::Index>(&expr.node)) return property_within(*index->source, scope, within);
  const auto* member = std::get_if<syntax::Member>(&expr.node);
  if (member == nullptr) return nullptr;
  const auto* name = std::get_if<syntax::Name>(&member->source->node);
  if (name == nullptr) return property_within(*member->source, scope, within);
  return within && scope.find(name->text) ? member : nullptr;
}

/// What a column of `project` is called that has no name: a_x for a.x, x for tostring(a.x), type_x for gettype(a.x).
std::string column_name(const syntax::Expr& expr, const PatternScope& scope, ColumnNames& names) {
  if (const auto* call = std::get_if<syntax::Call>(&expr.node)) {
    const std::string& function = call->function.text;
    if (function == "node_degree_in" || function == "node_degree_out") return names.free_name(function);
    static const syntax::Expr nameless{syntax::Star{}, {}};
    if (function == "any" || function == "all" || function == "map") return names.generated(nameless);
  }
  auto derived = derived_name(expr);
  const syntax::Member* property = property_within(expr, scope, false);
  if (!derived || property == nullptr) return names.generated(expr);
  const std::string& element = std::get<syntax::Name>(property->source->node).text;
  const std::size_t at = derived->find(element + "_" + property->member.text);
  if (at != std::string::npos) derived->erase(at, element.size() + 1);
  return names.free_name(std::move(*derived));
}

Result<Bound> bind_search(Binder& binder, const Search& search, const GraphSite& site) {
  WARDIAN_ASSIGN(MatchPattern pattern, read_pattern(binder, search.parts, site.graph, site.env));
  PatternScope& scope = pattern.scope;
  Environment env = site.env.without_rows();
  env.piped = nullptr;
  env.piped_graph = nullptr;
  env.row = std::make_shared<const char>();
  env.pattern.scope = &scope;

  Conditions conditions;
  std::vector<ExprPtr> remaining;
  std::vector<const syntax::Expr*> parts;
  if (search.where != nullptr) conjuncts(*search.where, parts);
  for (const syntax::Expr* part : parts) {
    WARDIAN_ASSIGN(ExprPtr condition, bind_over_paths(binder, *part, ElementCall::Kind::all, scope, env));
    if (condition->type != Type::boolean) {
      return error_at(ErrorCode::type_mismatch, "A condition is bool, not " + std::string(columnar::type_name(condition->type)),
                      part->span, conversion_hint(Type::boolean));
    }
    if (!take_condition(binder, condition, scope, conditions)) remaining.push_back(std::move(condition));
  }
  const std::size_t calls_of_where = scope.calls.size();

  if (search.columns->empty()) {
    return error_at(ErrorCode::not_supported, "Not supported by this version: a search without columns", site.keyword,
                    "Say what the rows are to hold: project a.name, b.name");
  }
  ColumnNames names;
  std::vector<plan::NamedExpr> columns;
  for (const syntax::Expr& each : *search.columns) {
    const auto* named = std::get_if<syntax::Named>(&each.node);
    const syntax::Expr& value = named != nullptr ? *named->value : each;
    std::string name;
    if (named != nullptr) {
      WARDIAN_ASSIGN(name, names.claim(named->names.front()));
    }
    WARDIAN_ASSIGN(ExprPtr bound, bind_over_paths(binder, value, ElementCall::Kind::map, scope, env));
    if (named == nullptr) name = column_name(value, scope, names);
    // What a path has a part in is a dynamic value, whatever it was.
    const auto is_path = [&](std::size_t at) { return scope.elements[at].kind == Kind::path; };
    if (std::ranges::any_of(scope.used, is_path)) bound = to_dynamic(std::move(bound));
    columns.push_back({std::move(name), std::move(bound)});
  }

  PatternTables tables(binder, pattern);
  const auto paths = [&](const PatternEdge& edge) { return scope.elements[edge.element].kind == Kind::path; };
  if (pattern.edges.size() > 1 || std::ranges::any_of(pattern.edges, paths)) tables.number_edges();
  WARDIAN_ASSIGN(NodePtr rows, match_rows(binder, pattern, conditions, tables, search.cycles, search.wanted, site.keyword));
  const auto keep_fitting = [&](bool with_calls) {
    const std::size_t width = scope.columns.size();
    for (const ExprPtr& condition : remaining) {
      const bool of_calls = !columns_all(*condition, [&](std::size_t at) { return at < width; });
      if (of_calls != with_calls) continue;
      columnar::Schema schema = rows->schema;
      rows = plan::make_node(plan::Filter{std::move(rows), as_condition(condition)}, std::move(schema));
    }
  };
  const std::span<const ElementCall> calls = scope.calls;
  keep_fitting(false);
  WARDIAN_ASSIGN(rows, with_element_calls(binder, std::move(rows), pattern, calls.first(calls_of_where), tables));
  keep_fitting(true);
  WARDIAN_ASSIGN(rows, with_element_calls(binder, std::move(rows), pattern, calls.subspan(calls_of_where), tables));
  return Bound(project(std::move(rows), std::move(columns)));
}

}  // namespace

Result<Bound> bind_operator(Binder& binder, const syntax::GraphMatchOperator& node, const GraphSite& site) {
  static constexpr std::string_view kCycles[] = {"unique_edges", "all", "none"};
  WARDIAN_ASSIGN(const std::size_t cycles, word_of(node.parameters, "cycles", kCycles));
  Search search{{}, node.where.get(), &node.columns, Cycles::unique_edges, PathsWanted::every};
  if (cycles != 0) search.cycles = cycles == 1 ? Cycles::all : Cycles::none;
  for (const syntax::GraphPattern& part : node.patterns) search.parts.push_back(&part);
  return bind_search(binder, search, site);
}

Result<Bound> bind_operator(Binder& binder, const syntax::GraphShortestPathsOperator& node, const GraphSite& site) {
  static constexpr std::string_view kOutput[] = {"any", "all"};
  WARDIAN_ASSIGN(const std::size_t output, word_of(node.parameters, "output", kOutput));
  const bool has_path = std::ranges::any_of(node.pattern, [](const syntax::GraphPatternPart& part) {
    const auto* edge = std::get_if<syntax::GraphEdgePattern>(&part.node);
    return edge != nullptr && edge->length_min != nullptr;
  });
  if (!has_path) {
    return error_at(ErrorCode::bad_argument, "The pattern of shortest paths has an edge of variable length",
                    node.pattern.front().span, "(a)-[path*1..5]->(b)");
  }
  const PathsWanted wanted = output == 0 ? PathsWanted::any_shortest : PathsWanted::shortest;
  return bind_search(binder, {{&node.pattern}, node.where.get(), &node.columns, Cycles::unique_edges, wanted}, site);
}

}  // namespace wardian::kql
