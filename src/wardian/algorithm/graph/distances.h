#pragma once

#include "wardian/algorithm/graph/adjacency.h"

namespace wardian::algorithm {

/// Which nodes a path may pass through; empty: all.
using Allowed = std::vector<std::uint8_t>;
inline bool allows(const Allowed& nodes, std::uint32_t node) { return nodes.empty() || nodes[node] != 0; }

/// The least number of arcs from any of some nodes to the others, found breadth-first. One object serves many searches: each costs what
/// it reaches.
class Distances {
 public:
  static constexpr std::uint32_t kFar = UINT32_MAX;

  explicit Distances(std::uint32_t nodes) : values_(nodes, kFar) {}

  /// Up to `most` arcs away. Ends early once all of `wanted` (1: wanted) have been reached, if `wanted_count` of them are there.
  Status from(std::span<const std::uint32_t> sources, const Adjacency& graph, std::uint32_t most, const Allowed& through,
              Watch& watch, const std::vector<std::uint8_t>* wanted = nullptr, std::size_t wanted_count = 0);

  std::uint32_t operator[](std::uint32_t node) const { return values_[node]; }
  /// Nearest first.
  std::span<const std::uint32_t> reached() const { return reached_; }

 private:
  std::vector<std::uint32_t> values_;
  std::vector<std::uint32_t> reached_;
};

}  // namespace wardian::algorithm
