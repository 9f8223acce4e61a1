#pragma once

#include "wardian/kql/binder.h"
#include "wardian/kql/graph/pattern_scope.h"

namespace wardian::kql {

/// One edge of a pattern, or path: from node to node as it is written.
struct PatternEdge {
  std::size_t element = 0, from = 0, to = 0;  // elements
  syntax::EdgeDirection direction = syntax::EdgeDirection::forward;
  std::int64_t length_min = 1, length_max = 1;
  std::size_t part = 0;  // which of the sequences between commas
};

/// A pattern with its names told apart.
struct MatchPattern {
  PatternScope scope;
  std::vector<PatternEdge> edges;
  std::vector<std::vector<std::size_t>> parts;  // the nodes of each sequence, in its order
};

/// No path is longer than this.
inline constexpr std::int64_t kPathLengthMax = 10'000;
/// No pattern has more edges.
inline constexpr std::size_t kPatternEdgesMax = 64;

Result<MatchPattern> read_pattern(Binder& binder, const std::vector<const syntax::GraphPattern*>& parts, GraphPtr graph,
                                  const Environment& env);

}  // namespace wardian::kql
