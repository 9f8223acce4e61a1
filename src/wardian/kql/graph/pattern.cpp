#include "wardian/kql/graph/pattern.h"

namespace wardian::kql {
namespace {

using Kind = PatternElement::Kind;

/// The element of that name if the pattern has met it before, else a new one.
Result<std::size_t> element(PatternScope& scope, Kind kind, const std::optional<syntax::Identifier>& name, SourceSpan span) {
  const auto known = name ? scope.find(name->text) : std::nullopt;
  if (!known) {
    scope.elements.push_back({kind, name ? name->text : std::string(), name ? name->span : span});
    return scope.elements.size() - 1;
  }
  if (scope.elements[*known].kind != kind || kind != Kind::node) {
    return error_at(ErrorCode::duplicate_name, "The pattern has an element of that name already: " + name->text, name->span,
                    "Only nodes may stand in several places");
  }
  return *known;
}

Result<std::int64_t> length(Binder& binder, const syntax::Expr& expr, const Environment& env) {
  WARDIAN_ASSIGN(const ExprPtr bound, binder.scalar_of(expr, Type::int64, env.without_rows()));
  WARDIAN_ASSIGN(const Value value, binder.constant(bound, expr.span));
  const auto* whole = std::get_if<std::int64_t>(&value.held);
  if (whole == nullptr || *whole < 0 || *whole > kPathLengthMax) {
    return error_at(ErrorCode::bad_argument, "A path has 0 to " + std::to_string(kPathLengthMax) + " edges", expr.span);
  }
  return *whole;
}

}  // namespace

Result<MatchPattern> read_pattern(Binder& binder, const std::vector<const syntax::GraphPattern*>& parts, GraphPtr graph,
                                  const Environment& env) {
  MatchPattern made;
  PatternScope& scope = made.scope;
  const auto begin_of = [](const columnar::Schema& schema, std::size_t count) {
    return columnar::Schema(schema.begin(), schema.begin() + static_cast<std::ptrdiff_t>(count));
  };
  scope.node_names = begin_of(graph->nodes->schema, graph->node_properties());
  scope.edge_names = begin_of(graph->edges->schema, graph->edge_properties());
  scope.node_row = scope.node_names;
  for (const auto& [name, type] :
       {std::pair("#key", Type::string), std::pair("#in", Type::int64), std::pair("#out", Type::int64)})
    scope.node_row.push_back({name, type});
  scope.edge_row = scope.edge_names;
  scope.edge_row.push_back({"#edge", Type::int64});
  scope.graph = std::move(graph);

  for (std::size_t part = 0; part < parts.size(); ++part) {
    std::vector<std::size_t>& nodes = made.parts.emplace_back();
    std::optional<PatternEdge> open;
    for (const syntax::GraphPatternPart& each : *parts[part]) {
      if (const auto* node = std::get_if<syntax::GraphNodePattern>(&each.node)) {
        WARDIAN_ASSIGN(const std::size_t at, element(scope, Kind::node, node->name, each.span));
        nodes.push_back(at);
        if (!open) continue;
        open->to = at;
        made.edges.push_back(*open);
        open.reset();
        continue;
      }
      const auto& edge = std::get<syntax::GraphEdgePattern>(each.node);
      if (made.edges.size() == kPatternEdgesMax) {
        return error_at(ErrorCode::too_deep, "A pattern has at most " + std::to_string(kPatternEdgesMax) + " edges", each.span,
                        "An edge of variable length stands for many");
      }
      open.emplace();
      open->from = nodes.back();
      open->part = part;
      open->direction = scope.graph->directed ? edge.direction : syntax::EdgeDirection::any;
      const bool path = edge.length_min != nullptr;
      if (path) {
        WARDIAN_ASSIGN(open->length_min, length(binder, *edge.length_min, env));
        WARDIAN_ASSIGN(open->length_max, length(binder, *edge.length_max, env));
        if (open->length_max < open->length_min) {
          return error_at(ErrorCode::bad_argument,
                          "The longest path is shorter than the shortest: " + std::to_string(open->length_min) + ".." +
                              std::to_string(open->length_max),
                          each.span);
        }
      }
      WARDIAN_ASSIGN(open->element, element(scope, path ? Kind::path : Kind::edge, edge.name, each.span));
    }
  }
  for (PatternElement& each : scope.elements) {
    each.first = scope.columns.size();
    if (each.kind == Kind::path) {
      scope.columns.push_back({"#edges", Type::dynamic});
      scope.columns.push_back({"#inner", Type::dynamic});
      scope.columns.push_back({"#length", Type::int64});
      continue;
    }
    const columnar::Schema& row = each.kind == Kind::node ? scope.node_row : scope.edge_row;
    scope.columns.insert(scope.columns.end(), row.begin(), row.end());
  }
  return made;
}

}  // namespace wardian::kql
