#include "wardian/algorithm/graph/path_walk.h"

namespace wardian::algorithm {

void PathWalk::begin(std::uint32_t root, const Limits& limits, const std::vector<std::uint8_t>* ends,
                     std::optional<std::uint32_t> end, const Distances* distances) {
  while (!arcs_.empty()) {  // of a search that was left before its end
    mark(arcs_.back(), false);
    arcs_.pop_back();
  }
  if (!node_used_.empty()) node_used_[root_] = 0;
  frames_.clear();
  root_ = root;
  limits_ = limits;
  ends_ = ends;
  end_ = end;
  distances_ = distances;
  at_leaf_ = false;
  empty_path_ = limits.length_min == 0 && ends_at(root);
  node_used_[root] = 1;
  if (limits.length_max > 0) frames_.push_back({root, 0});
}

bool PathWalk::used(const Arc& arc) const {
  switch (limits_.cycles) {
    case PathCycles::all: return false;
    case PathCycles::unique_edges: return edge_used_[arc.edge] != 0;
    case PathCycles::none: break;
  }
  return node_used_[arc.to] != 0;
}

void PathWalk::mark(const Arc& arc, bool used) {
  edge_used_[arc.edge] = used ? 1 : 0;
  node_used_[arc.to] = used ? 1 : 0;
}

void PathWalk::step_back() {
  mark(arcs_.back(), false);
  arcs_.pop_back();
}

Result<bool> PathWalk::next(Watch& watch) {
  if (std::exchange(empty_path_, false)) return true;
  if (std::exchange(at_leaf_, false)) step_back();
  while (!frames_.empty()) {
    WARDIAN_TRY(watch.step());
    Frame& frame = frames_.back();
    const auto arcs = graph_.arcs(frame.node);
    if (frame.next_arc == arcs.size()) {
      frames_.pop_back();
      if (!frames_.empty()) step_back();
      continue;
    }
    const Arc arc = arcs[frame.next_arc++];
    if (used(arc)) continue;
    const auto length = static_cast<std::uint32_t>(arcs_.size()) + 1;
    if (distances_ != nullptr) {
      const std::uint32_t rest = (*distances_)[arc.to];
      if (rest == Distances::kFar || rest > limits_.length_max - length) continue;
    }
    const bool found = length >= limits_.length_min && ends_at(arc.to);
    const bool further = length < limits_.length_max && allows(through_, arc.to);
    if (!found && !further) continue;
    arcs_.push_back(arc);
    mark(arc, true);
    if (further)
      frames_.push_back({arc.to, 0});
    else
      at_leaf_ = true;
    if (found) return true;
  }
  return false;
}

}  // namespace wardian::algorithm
