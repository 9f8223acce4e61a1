#include "wardian/algorithm/graph/retrace.h"

namespace wardian::algorithm {

void Retrace::begin(std::uint32_t end, const Distances& distances) {
  distances_ = &distances;
  frames_.assign(1, {end, 0});
  arcs_.clear();
}

Result<bool> Retrace::next(Watch& watch) {
  while (!frames_.empty()) {
    WARDIAN_TRY(watch.step());
    Frame& frame = frames_.back();
    // The frame of the start stands for the path given last.
    const bool at_start = (*distances_)[frame.node] == 0;
    const auto arcs = incoming_.arcs(frame.node);
    if (at_start || frame.next_arc == arcs.size()) {
      frames_.pop_back();
      if (!arcs_.empty()) arcs_.pop_back();
      continue;
    }
    const Arc arc = arcs[frame.next_arc++];
    const std::uint32_t nearer = (*distances_)[frame.node] - 1;
    if ((*distances_)[arc.to] != nearer || (nearer > 0 && !allows(through_, arc.to))) continue;
    arcs_.push_back(arc);
    frames_.push_back({arc.to, 0});
    if (nearer == 0) return true;
  }
  return false;
}

}  // namespace wardian::algorithm
