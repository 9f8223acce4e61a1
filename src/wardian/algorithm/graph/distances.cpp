#include "wardian/algorithm/graph/distances.h"

namespace wardian::algorithm {

Status Distances::from(std::span<const std::uint32_t> sources, const Adjacency& graph, std::uint32_t most, const Allowed& through,
                       Watch& watch, const std::vector<std::uint8_t>* wanted, std::size_t wanted_count) {
  for (const std::uint32_t node : reached_) values_[node] = kFar;
  reached_.clear();
  const auto reach = [&](std::uint32_t node, std::uint32_t distance) {
    values_[node] = distance;
    reached_.push_back(node);
    if (wanted != nullptr && (*wanted)[node] != 0) --wanted_count;
  };
  for (const std::uint32_t node : sources) {
    if (values_[node] == kFar) reach(node, 0);
  }
  for (std::size_t at = 0; at < reached_.size(); ++at) {
    const std::uint32_t node = reached_[at];
    const std::uint32_t distance = values_[node];
    if (distance == most || (wanted != nullptr && wanted_count == 0)) break;
    if (distance > 0 && !allows(through, node)) continue;
    for (const Arc& arc : graph.arcs(node)) {
      WARDIAN_TRY(watch.step());
      if (values_[arc.to] == kFar) reach(arc.to, distance + 1);
    }
  }
  return {};
}

}  // namespace wardian::algorithm
