#pragma once

#include <map>

#include "wardian/kql/graph/pattern.h"

namespace wardian::kql {

enum class Cycles : std::uint8_t { all, unique_edges, none };
/// Which paths between two nodes an edge of variable length gives.
enum class PathsWanted : std::uint8_t { every, shortest, any_shortest };

/// What is known of single elements before the pattern is searched: conditions over the element's own columns.
struct Conditions {
  std::map<std::size_t, ExprPtr> element;  // of a node, of an edge, of every edge of a path
  std::map<std::size_t, ExprPtr> inner;    // of every inner node of a path
};

/// The tables that elements of a pattern are taken from, made once for the whole pattern.
class PatternTables {
 public:
  PatternTables(Binder& binder, const MatchPattern& pattern) : binder_(binder), pattern_(pattern) {}

  /// Nodes with the columns of a match.
  Result<NodePtr> nodes();
  /// Edges with the columns of a match, then the keys of source and target.
  Result<NodePtr> edges();
  /// The pattern tells edges apart: they are numbered.
  void number_edges() { numbered_ = true; }

 private:
  Binder& binder_;
  const MatchPattern& pattern_;
  bool numbered_ = false;
  NodePtr nodes_, edges_;
};

/// All matches of the pattern, with the columns that PatternScope says.
Result<NodePtr> match_rows(Binder& binder, const MatchPattern& pattern, const Conditions& conditions, PatternTables& tables,
                           Cycles cycles, PathsWanted wanted, SourceSpan span);

/// The matches with the results of calls as further columns: those of `calls` that have a value, in their order.
Result<NodePtr> with_element_calls(Binder& binder, NodePtr matches, const MatchPattern& pattern,
                                   std::span<const ElementCall> calls, PatternTables& tables);

}  // namespace wardian::kql
