#pragma once

#include "wardian/algorithm/graph/distances.h"

namespace wardian::algorithm {

/// All shortest paths from where `distances` were measured to one node, by stepping from it to nodes that are one nearer.
class Retrace {
 public:
  /// `incoming`: the arcs of every node from those that lead to it.
  Retrace(const Adjacency& incoming, const Allowed& through) : incoming_(incoming), through_(through) {}

  void begin(std::uint32_t end, const Distances& distances);
  Result<bool> next(Watch& watch);
  /// The edges and nodes of the path, from the end back: arc i leads from the node before to the one that arc says.
  std::span<const Arc> arcs() const { return arcs_; }

 private:
  struct Frame {
    std::uint32_t node;
    std::size_t next_arc;
  };
  const Adjacency& incoming_;
  const Allowed& through_;
  const Distances* distances_ = nullptr;
  std::vector<Frame> frames_;
  std::vector<Arc> arcs_;
};

}  // namespace wardian::algorithm
