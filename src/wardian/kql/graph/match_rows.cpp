#include "wardian/kql/graph/match_rows.h"

#include <algorithm>

#include "wardian/algorithm/graph/paths.h"
#include "wardian/kql/functions/value_forms.h"
#include "wardian/kql/graph/graph_operators.h"
#include "wardian/kql/graph/numbered.h"
#include "wardian/kql/operators/projection.h"

namespace wardian::kql {
namespace {

using Kind = PatternElement::Kind;
using syntax::EdgeDirection;

sql::ExprPtr numbers_of(const sql::ExprPtr& array) { return sql::cast(array, "BIGINT[]"); }
sql::ExprPtr texts_of(const sql::ExprPtr& array) { return sql::cast(sql::cast(array, "JSON"), "VARCHAR[]"); }

// Whether an array of numbers (of texts) holds a value, or any value of another array.
sql::ExprPtr number_within(const CallSite& site) {
  return sql::call("list_contains", {numbers_of(site.arguments[0]), site.arguments[1]});
}
sql::ExprPtr numbers_meet(const CallSite& site) {
  return sql::call("list_has_any", {numbers_of(site.arguments[0]), numbers_of(site.arguments[1])});
}
sql::ExprPtr text_within(const CallSite& site) {
  return sql::call("list_contains", {texts_of(site.arguments[0]), site.arguments[1]});
}
sql::ExprPtr texts_meet(const CallSite& site) {
  return sql::call("list_has_any", {texts_of(site.arguments[0]), texts_of(site.arguments[1])});
}
sql::ExprPtr refuse(const CallSite& site) { return sql::logical_not(site.arguments[0]); }
sql::ExprPtr same(const CallSite& site) { return sql::binary("=", site.arguments[0], site.arguments[1]); }
sql::ExprPtr differ(const CallSite& site) { return sql::binary("<>", site.arguments[0], site.arguments[1]); }
sql::ExprPtr either_of(const CallSite& site) { return sql::binary("OR", site.arguments[0], site.arguments[1]); }
sql::ExprPtr sum_of(const CallSite& site) {
  sql::ExprPtr made = site.arguments[0];
  for (std::size_t at = 1; at < site.arguments.size(); ++at) made = sql::binary("+", std::move(made), site.arguments[at]);
  return made;
}

ExprPtr test(std::string_view name, plan::SqlRewrite rewrite, std::vector<ExprPtr> arguments) {
  return plan::make_expr(plan::Call{name, {"", rewrite}, std::move(arguments)}, Type::boolean);
}
ExprPtr none_of(ExprPtr condition) { return test("not", &refuse, {std::move(condition)}); }

NodePtr filtered(NodePtr rows, const ExprPtr& condition) {
  columnar::Schema schema = rows->schema;
  return plan::make_node(plan::Filter{std::move(rows), as_condition(condition)}, std::move(schema));
}

NodePtr columns_of(const NodePtr& rows, std::initializer_list<std::size_t> which) {
  std::vector<plan::NamedExpr> columns;
  for (const std::size_t at : which) columns.push_back({rows->schema[at].name, input_column(rows->schema, at)});
  return project(rows, std::move(columns));
}

NodePtr distinct_column(const NodePtr& rows, std::size_t at) {
  NodePtr one = columns_of(rows, {at});
  columnar::Schema schema = one->schema;
  return plan::make_node(plan::Distinct{std::move(one)}, std::move(schema));
}

class Matcher {
 public:
  Matcher(Binder& binder, const MatchPattern& pattern, const Conditions& conditions, PatternTables& tables, Cycles cycles,
          PathsWanted wanted, SourceSpan span)
      : binder_(binder),
        pattern_(pattern),
        scope_(pattern.scope),
        conditions_(conditions),
        tables_(tables),
        cycles_(cycles),
        wanted_(wanted),
        span_(span),
        places_(pattern.scope.columns.size()),
        keys_(pattern.scope.elements.size()) {}

  Result<NodePtr> matches() {
    std::vector<const PatternEdge*> open;
    for (const PatternEdge& edge : pattern_.edges) open.push_back(&edge);
    while (!open.empty()) {
      const auto next = std::ranges::max_element(open, {}, [&](const PatternEdge* edge) { return rank(*edge); });
      const PatternEdge& edge = **next;
      open.erase(next);
      WARDIAN_TRY(is_path(edge) ? add_path(edge) : add_edge(edge));
    }
    for (std::size_t at = 0; at < scope_.elements.size(); ++at) {
      if (scope_.elements[at].kind == Kind::node && !keys_[at]) WARDIAN_TRY(add_node(at));
    }
    keep_cycles_apart();
    if (!kept_.empty()) rows_ = filtered(rows_, all_of(kept_));
    std::vector<plan::NamedExpr> columns;
    for (std::size_t at = 0; at < places_.size(); ++at) {
      const columnar::Column& column = scope_.columns[at];
      columns.push_back(
          {column.name, places_[at] ? input_column(rows_->schema, *places_[at]) : constant_expr(columnar::null_of(column.type))});
    }
    if (wanted_ != PathsWanted::every && pattern_.edges.size() > 1) keep_shortest(columns);
    return project(rows_, std::move(columns));
  }

 private:
  bool is_path(const PatternEdge& edge) const { return scope_.elements[edge.element].kind == Kind::path; }
  /// Edges before paths, those that join what is there before those that begin anew.
  int rank(const PatternEdge& edge) const {
    const int bound = (keys_[edge.from] ? 1 : 0) + (keys_[edge.to] ? 1 : 0);
    if (bound == 0) return is_path(edge) ? 0 : 1;
    return (is_path(edge) ? 1 : 3) + bound;
  }
  bool needed(std::size_t node) const { return scope_.shown.contains(node) || conditions_.element.contains(node); }

  /// Puts the rows beside those there are; gives the place of their first column.
  std::size_t join(NodePtr right, const std::vector<std::pair<std::size_t, std::size_t>>& keys) {
    const std::size_t base = rows_ == nullptr ? 0 : rows_->schema.size();
    rows_ = rows_ == nullptr ? std::move(right) : joined(std::move(rows_), std::move(right), plan::JoinKind::inner, keys);
    return base;
  }

  Result<NodePtr> node_rows(std::size_t node) {
    WARDIAN_ASSIGN(NodePtr rows, tables_.nodes());
    const auto condition = conditions_.element.find(node);
    return condition == conditions_.element.end() ? rows : filtered(std::move(rows), condition->second);
  }

  /// The node's own row, beside the key that stands for it if there is one.
  Status add_node(std::size_t node) {
    WARDIAN_ASSIGN(NodePtr rows, node_rows(node));
    std::vector<std::pair<std::size_t, std::size_t>> keys;
    if (keys_[node]) keys.emplace_back(*keys_[node], scope_.node_properties());
    const std::size_t base = join(std::move(rows), keys);
    keys_[node] = base + scope_.node_properties();
    for (std::size_t at = 0; at < scope_.node_row.size(); ++at) places_[scope_.elements[node].first + at] = base + at;
    return {};
  }

  /// An end of an edge that has just been added, whose key is in that column.
  Status add_end(std::size_t node, std::size_t key) {
    if (keys_[node]) return {};
    keys_[node] = key;
    places_[scope_.node_key(node)] = key;
    return needed(node) ? add_node(node) : Status();
  }

  Result<NodePtr> edge_rows(const PatternEdge& edge) {
    WARDIAN_ASSIGN(NodePtr rows, tables_.edges());
    const auto condition = conditions_.element.find(edge.element);
    return condition == conditions_.element.end() ? rows : filtered(std::move(rows), condition->second);
  }

  /// The edges as the pattern goes along them: the columns of an edge, then the keys of its ends in the pattern's order.
  Result<NodePtr> oriented(const PatternEdge& edge) {
    WARDIAN_ASSIGN(NodePtr forward, edge_rows(edge));
    if (edge.direction == EdgeDirection::forward) return forward;
    std::vector<plan::NamedExpr> columns = all_columns(*forward);
    std::swap(columns[columns.size() - 2].expr, columns[columns.size() - 1].expr);
    const std::size_t width = forward->schema.size();
    if (edge.direction == EdgeDirection::backward) return project(std::move(forward), std::move(columns));
    const ExprPtr no_loop =
        test("differ", &differ, {input_column(forward->schema, width - 2), input_column(forward->schema, width - 1)});
    NodePtr backward = project(filtered(forward, no_loop), std::move(columns));
    columnar::Schema schema = forward->schema;
    return plan::make_node(plan::Union{{std::move(forward), std::move(backward)}}, std::move(schema));
  }

  Status add_edge(const PatternEdge& edge) {
    WARDIAN_ASSIGN(NodePtr rows, oriented(edge));
    const std::size_t width = scope_.edge_row.size();
    std::vector<std::pair<std::size_t, std::size_t>> keys;
    if (keys_[edge.from]) keys.emplace_back(*keys_[edge.from], width);
    if (keys_[edge.to]) keys.emplace_back(*keys_[edge.to], width + 1);
    if (edge.from == edge.to && !keys_[edge.from]) {
      rows = filtered(rows, test("same", &same, {input_column(rows->schema, width), input_column(rows->schema, width + 1)}));
    }
    const std::size_t base = join(std::move(rows), keys);
    for (std::size_t at = 0; at < width; ++at) places_[scope_.elements[edge.element].first + at] = base + at;
    WARDIAN_TRY(add_end(edge.from, base + width));
    return add_end(edge.to, base + width + 1);
  }

  /// Keys of the nodes that the end of a path may be; null: all there are.
  Result<NodePtr> candidates(std::size_t node) {
    if (keys_[node]) return distinct_column(rows_, *keys_[node]);
    if (!conditions_.element.contains(node)) return NodePtr();
    WARDIAN_ASSIGN(const NodePtr rows, node_rows(node));
    return columns_of(rows, {scope_.node_properties()});
  }

  Status add_path(const PatternEdge& edge) {
    if (rows_ != nullptr) rows_ = computed_once(binder_, std::move(rows_), "matches");
    algorithm::PathSearch search;
    search.length_min = edge.length_min;
    search.length_max = edge.length_max;
    search.both_ways = edge.direction == EdgeDirection::any;
    search.closed = edge.from == edge.to;
    search.cycles = cycles_ == Cycles::all            ? algorithm::PathCycles::all
                    : cycles_ == Cycles::unique_edges ? algorithm::PathCycles::unique_edges
                                                      : algorithm::PathCycles::none;
    search.wanted = wanted_ == PathsWanted::every      ? algorithm::PathsWanted::every
                    : wanted_ == PathsWanted::shortest ? algorithm::PathsWanted::shortest
                                                       : algorithm::PathsWanted::any_shortest;
    search.inner_nodes = cycles_ == Cycles::none || scope_.inner.contains(edge.element);

    WARDIAN_ASSIGN(const NodePtr edges, edge_rows(edge));
    const std::size_t source = scope_.edge_row.size(), number = source - 1;
    plan::AlgorithmCall call;
    call.span = span_;
    call.inputs.push_back(edge.direction == EdgeDirection::backward ? columns_of(edges, {source + 1, source, number})
                                                                    : columns_of(edges, {source, source + 1, number}));
    WARDIAN_ASSIGN(NodePtr starts, candidates(edge.from));
    WARDIAN_ASSIGN(NodePtr ends, edge.from == edge.to ? Result<NodePtr>(NodePtr()) : candidates(edge.to));
    search.starts = starts != nullptr;
    search.ends = ends != nullptr;
    if (starts != nullptr) call.inputs.push_back(std::move(starts));
    if (ends != nullptr) call.inputs.push_back(std::move(ends));
    if (const auto condition = conditions_.inner.find(edge.element); condition != conditions_.inner.end()) {
      WARDIAN_ASSIGN(NodePtr nodes, tables_.nodes());
      search.inner = true;
      call.inputs.push_back(columns_of(filtered(std::move(nodes), condition->second), {scope_.node_properties()}));
    }
    if (edge.length_min == 0) {  // also nodes without edges are a path of none
      search.all_nodes = true;
      WARDIAN_ASSIGN(const NodePtr nodes, tables_.nodes());
      call.inputs.push_back(columns_of(nodes, {scope_.node_properties()}));
    }
    call.algorithm = algorithm::path_search(search);
    NodePtr paths = plan::make_node(std::move(call), algorithm::path_schema());

    std::vector<std::pair<std::size_t, std::size_t>> keys;
    if (keys_[edge.from]) keys.emplace_back(*keys_[edge.from], 0);
    if (keys_[edge.to] && edge.from != edge.to) keys.emplace_back(*keys_[edge.to], 1);
    const std::size_t base = join(std::move(paths), keys);
    for (std::size_t at = 0; at < 3; ++at) places_[scope_.elements[edge.element].first + at] = base + 2 + at;
    WARDIAN_TRY(add_end(edge.from, base));
    return add_end(edge.to, base + 1);
  }

  ExprPtr place(std::size_t column) const { return input_column(rows_->schema, *places_[column]); }
  ExprPtr key(std::size_t node) const { return input_column(rows_->schema, *keys_[node]); }
  void keep(ExprPtr condition) { kept_.push_back(std::move(condition)); }
  /// One condition of them all, balanced, so that hundreds stay shallow.
  ExprPtr all_of(std::span<const ExprPtr> conditions) {
    if (conditions.size() == 1) return conditions.front();
    ExprPtr left = all_of(conditions.first(conditions.size() / 2)), right = all_of(conditions.subspan(conditions.size() / 2));
    return binder_.binary("and", std::move(left), std::move(right), span_, span_).value();
  }

  /// No edge stands twice in a match; without cycles no node does within one sequence.
  void keep_cycles_apart() {
    if (cycles_ == Cycles::all) return;
    for (std::size_t a = 0; a < pattern_.edges.size(); ++a) {
      for (std::size_t b = a + 1; b < pattern_.edges.size(); ++b) keep_edges_apart(pattern_.edges[a], pattern_.edges[b]);
    }
    if (cycles_ != Cycles::none) return;
    for (std::size_t part = 0; part < pattern_.parts.size(); ++part) keep_nodes_apart(part);
  }

  void keep_edges_apart(const PatternEdge& a, const PatternEdge& b) {
    if (is_path(b) && !is_path(a)) return keep_edges_apart(b, a);
    const std::size_t first = scope_.elements[a.element].first;
    if (is_path(a) && is_path(b)) {
      keep(none_of(test("meet", &numbers_meet, {place(first), place(scope_.elements[b.element].first)})));
    } else if (is_path(a)) {
      keep(none_of(test("within", &number_within, {place(first), place(scope_.edge_number(b.element))})));
    } else {
      keep(test("differ", &differ, {place(scope_.edge_number(a.element)), place(scope_.edge_number(b.element))}));
    }
  }

  void keep_nodes_apart(std::size_t part) {
    const std::vector<std::size_t>& nodes = pattern_.parts[part];
    std::vector<const PatternEdge*> edges;  // the one after each node
    for (const PatternEdge& edge : pattern_.edges) {
      if (edge.part == part) edges.push_back(&edge);
    }
    for (std::size_t a = 0; a < nodes.size(); ++a) {
      std::vector<ExprPtr> lengths;
      for (std::size_t b = a + 1; b < nodes.size(); ++b) {
        ExprPtr apart = test("differ", &differ, {key(nodes[a]), key(nodes[b])});
        // Paths without an edge lead from a node to itself.
        if (edges[b - 1]->length_min == 0) lengths.push_back(place(scope_.elements[edges[b - 1]->element].first + 2));
        if (lengths.size() == b - a) {
          ExprPtr total = plan::make_expr(plan::Call{"+", {"", &sum_of}, lengths}, Type::int64);
          ExprPtr none = test("same", &same, {std::move(total), constant_expr(Value{Type::int64, std::int64_t{0}})});
          apart = test("or", &either_of, {std::move(apart), std::move(none)});
        }
        keep(std::move(apart));
      }
    }
    std::vector<const PatternEdge*> paths;
    for (const PatternEdge* edge : edges) {
      if (is_path(*edge)) paths.push_back(edge);
    }
    for (std::size_t a = 0; a < paths.size(); ++a) {
      const std::size_t inner = scope_.elements[paths[a]->element].first + 1;
      for (const std::size_t node : nodes) keep(none_of(test("within", &text_within, {place(inner), key(node)})));
      for (std::size_t b = a + 1; b < paths.size(); ++b) {
        keep(none_of(test("meet", &texts_meet, {place(inner), place(scope_.elements[paths[b]->element].first + 1)})));
      }
    }
  }

  /// Of the matches between two nodes those with the fewest edges, or one of them.
  void keep_shortest(std::vector<plan::NamedExpr>& columns) {
    std::vector<ExprPtr> lengths;
    std::int64_t single = 0;
    for (const PatternEdge& edge : pattern_.edges) {
      if (is_path(edge))
        lengths.push_back(place(scope_.elements[edge.element].first + 2));
      else
        ++single;
    }
    lengths.push_back(constant_expr(Value{Type::int64, single}));
    const std::size_t width = columns.size();
    columns.push_back({"#first", key(pattern_.parts.front().front())});
    columns.push_back({"#last", key(pattern_.parts.front().back())});
    columns.push_back({"#total", plan::make_expr(plan::Call{"+", {"", &sum_of}, std::move(lengths)}, Type::int64)});
    NodePtr rows = with_row_numbers(binder_, project(rows_, columns), "#match");
    rows = least(rows, width, width + 2);
    if (wanted_ == PathsWanted::any_shortest) rows = least(computed_once(binder_, std::move(rows), "shortest"), width, width + 3);
    columns.clear();
    for (std::size_t at = 0; at < width; ++at) columns.push_back({rows->schema[at].name, input_column(rows->schema, at)});
    rows_ = std::move(rows);
  }

  /// The rows that have the least value of a column among those of the same two ends.
  static NodePtr least(const NodePtr& rows, std::size_t ends, std::size_t value) {
    const ExprPtr of = input_column(rows->schema, value);
    plan::Aggregate made;
    made.input = rows;
    made.keys = {{"#first", input_column(rows->schema, ends)}, {"#last", input_column(rows->schema, ends + 1)}};
    made.aggregates = {{"#least", plan::make_expr(plan::Call{"min", {"min"}, {of}}, Type::int64)}};
    const columnar::Schema schema = {{"#first", Type::string}, {"#last", Type::string}, {"#least", Type::int64}};
    return joined(rows, plan::make_node(std::move(made), schema), plan::JoinKind::left_semi,
                  {{ends, 0}, {ends + 1, 1}, {value, 2}});
  }

  Binder& binder_;
  const MatchPattern& pattern_;
  const PatternScope& scope_;
  const Conditions& conditions_;
  PatternTables& tables_;
  Cycles cycles_;
  PathsWanted wanted_;
  SourceSpan span_;
  NodePtr rows_;
  std::vector<std::optional<std::size_t>> places_;  // of a match's columns among those of rows_
  std::vector<ExprPtr> kept_;                       // what tells matches from other combinations
  std::vector<std::optional<std::size_t>> keys_;    // of nodes that rows_ has: the column with the key
};

}  // namespace

Result<NodePtr> match_rows(Binder& binder, const MatchPattern& pattern, const Conditions& conditions, PatternTables& tables,
                           Cycles cycles, PathsWanted wanted, SourceSpan span) {
  return Matcher(binder, pattern, conditions, tables, cycles, wanted, span).matches();
}

}  // namespace wardian::kql
