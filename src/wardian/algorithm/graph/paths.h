#pragma once

#include <memory>

#include "wardian/algorithm/table_algorithm.h"

namespace wardian::algorithm {

enum class PathCycles : std::uint8_t {
  all,           // edges and nodes may come again
  unique_edges,  // no edge comes twice in a path
  none,          // no node does
};
/// Between two nodes: every path, those with the fewest edges, one of these.
enum class PathsWanted : std::uint8_t { every, shortest, any_shortest };

/// The paths of a graph from some nodes to some nodes.
/// Inputs: the edges, with the keys of source and target and a number; then, as far as the flags say so, keys of nodes: those where paths
/// start, where they end, that they may pass through, and all that there are. An edge leads from source to target.
struct PathSearch {
  std::int64_t length_min = 1, length_max = 1;
  bool both_ways = false;    // an edge leads from target to source as well
  bool closed = false;       // paths end where they started
  bool inner_nodes = false;  // are asked for
  PathCycles cycles = PathCycles::unique_edges;
  PathsWanted wanted = PathsWanted::every;
  bool starts = false, ends = false, inner = false, all_nodes = false;
};

/// A row a path: the keys of its ends, the numbers of its edges and the keys of the nodes between them (JSON arrays in the order of the
/// path), its length. Depth-first, with nothing kept but the path at hand, and guided by the distance to the nearest end; shortest paths
/// breadth-first, from the side with fewer candidates. More paths than the memory of a run holds are an error.
std::shared_ptr<const TableAlgorithm> path_search(const PathSearch& search);
columnar::Schema path_schema();

}  // namespace wardian::algorithm
