#pragma once

#include "wardian/algorithm/graph/distances.h"
#include "wardian/algorithm/graph/paths.h"

namespace wardian::algorithm {

/// Paths from one node, depth-first, one at a time.
class PathWalk {
 public:
  struct Limits {
    std::uint32_t length_min = 1, length_max = 1;
    PathCycles cycles = PathCycles::unique_edges;
  };

  PathWalk(const Adjacency& graph, std::size_t edges, const Allowed& through)
      : graph_(graph), through_(through), edge_used_(edges), node_used_(graph.nodes()) {}

  /// `ends`: 1 where a path may end; null: anywhere; `end`: at this node alone. `distances`: to the nearest such end; may be null.
  void begin(std::uint32_t root, const Limits& limits, const std::vector<std::uint8_t>* ends, std::optional<std::uint32_t> end,
             const Distances* distances);
  /// Whether there is a further path; arcs() are those of it.
  Result<bool> next(Watch& watch);
  std::span<const Arc> arcs() const { return arcs_; }
  std::uint32_t root() const { return root_; }

 private:
  struct Frame {
    std::uint32_t node;
    std::size_t next_arc;
  };
  bool ends_at(std::uint32_t node) const {
    if (end_) return *end_ == node;
    return ends_ == nullptr || (*ends_)[node] != 0;
  }
  bool used(const Arc& arc) const;
  void mark(const Arc& arc, bool used);
  void step_back();

  const Adjacency& graph_;
  const Allowed& through_;
  std::vector<std::uint8_t> edge_used_, node_used_;
  std::uint32_t root_ = 0;
  Limits limits_;
  const std::vector<std::uint8_t>* ends_ = nullptr;
  std::optional<std::uint32_t> end_;
  const Distances* distances_ = nullptr;
  std::vector<Frame> frames_;
  std::vector<Arc> arcs_;
  bool empty_path_ = false;  // still to be given
  bool at_leaf_ = false;     // the last arc has been given and leads no further
};

}  // namespace wardian::algorithm
