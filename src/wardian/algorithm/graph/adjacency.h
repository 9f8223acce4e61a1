#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "wardian/algorithm/table_algorithm.h"

namespace wardian::algorithm {

/// Keys of nodes, numbered from 0 in the order in which they are met.
class NodeNumbers {
 public:
  std::uint32_t number_of(std::string_view key);
  std::uint32_t size() const { return static_cast<std::uint32_t>(keys_.size()); }
  std::string_view key(std::uint32_t node) const { return keys_[node]; }
  std::uint64_t bytes() const { return text_bytes_ + keys_.size() * kBytesANode; }

 private:
  static constexpr std::uint64_t kBytesANode = 112;  // of the texts' and the table's own bookkeeping
  std::deque<std::string> keys_;                     // stay where they are
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
  std::uint64_t text_bytes_ = 0;
};

/// An edge as one of its ends sees it.
struct Arc {
  std::uint32_t to = 0;
  std::uint32_t edge = 0;  // from 0, in the order of the input
};

/// The arcs of every node, side by side.
class Adjacency {
 public:
  struct Edge {
    std::uint32_t from = 0, to = 0;
  };
  /// `both_ways`: every edge is an arc of both its ends, of a loop once. `backward`: an arc of its target.
  Adjacency(const std::vector<Edge>& edges, std::uint32_t nodes, bool both_ways, bool backward);
  std::span<const Arc> arcs(std::uint32_t node) const {
    return std::span(arcs_).subspan(begins_[node], begins_[node + 1] - begins_[node]);
  }
  std::uint32_t nodes() const { return static_cast<std::uint32_t>(begins_.size() - 1); }

 private:
  std::vector<std::uint64_t> begins_;
  std::vector<Arc> arcs_;
};

/// Refuses what a run has no room for, and asks now and then whether it may go on.
class Watch {
 public:
  explicit Watch(const RunBounds& bounds) : bounds_(bounds) {}
  Status step() { return (++steps_ & 0xFFF) == 0 ? bounds_.may_go_on() : Status(); }
  Status room_for(std::uint64_t bytes) const;

 private:
  const RunBounds& bounds_;
  std::uint64_t steps_ = 0;
};

/// A table of edges: the keys of source and target, then whatever follows.
struct EdgeTable {
  std::vector<Adjacency::Edge> edges;
  std::vector<std::int64_t> numbers;  // the third column, where the table has one
};

/// Bytes that each edge takes here and in the adjacency made of it, both ways.
inline constexpr std::uint64_t kBytesAnEdge = 64;

Result<EdgeTable> read_edges(const OpenInput& input, NodeNumbers& nodes, Watch& watch);
Result<std::vector<std::uint32_t>> read_nodes(const OpenInput& input, NodeNumbers& nodes, Watch& watch);

}  // namespace wardian::algorithm
