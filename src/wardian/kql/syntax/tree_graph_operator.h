#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "wardian/kql/syntax/tree_parameter.h"

namespace wardian::kql::syntax {

struct GraphNodes {
  Expr table;
  Identifier id;
};
/// make-graph source --> target [with nodes on id [, nodes on id] | with_node_id = name] [partitioned-by …]
struct MakeGraphOperator {
  Parameters parameters;
  ExprPtr source, target;
  bool directed = true;  // false: source -- target
  std::vector<GraphNodes> nodes;
  std::optional<Identifier> node_id;
  ExprPtr partition_by;    // may be null
  ExprPtr partition_pipe;  // Pipe without a source; may be null
};

struct GraphNodePattern {
  std::optional<Identifier> name;
};
enum class EdgeDirection : std::uint8_t { forward, backward, any };
/// -[name*1..5]->, with the range only for edges of variable length.
struct GraphEdgePattern {
  EdgeDirection direction = EdgeDirection::forward;
  std::optional<Identifier> name;
  ExprPtr length_min, length_max;  // both null when the length is one
};
struct GraphPatternPart {
  std::variant<GraphNodePattern, GraphEdgePattern> node;
  SourceSpan span;
};
/// (a)-[b]->(c)<-[d]-(e)
using GraphPattern = std::vector<GraphPatternPart>;

struct GraphMatchOperator {
  Parameters parameters;  // cycles
  std::vector<GraphPattern> patterns;
  ExprPtr where;              // may be null
  std::vector<Expr> columns;  // project
};
struct GraphShortestPathsOperator {
  Parameters parameters;  // output
  GraphPattern pattern;
  ExprPtr where;
  std::vector<Expr> columns;
};
struct GraphToTableOutput {
  bool nodes = true;  // false: edges
  std::optional<Identifier> as;
  Parameters parameters;  // with_node_id, with_source_id, with_target_id
  SourceSpan span;
};
struct GraphToTableOperator {
  std::vector<GraphToTableOutput> outputs;
};
struct GraphMarkComponentsOperator {
  Parameters parameters;
};  // kind, with_component_id
struct GraphWhereOperator {
  bool nodes = true;  // graph-where-nodes; false: graph-where-edges
  ExprPtr predicate;
};

}  // namespace wardian::kql::syntax
