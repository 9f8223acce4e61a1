#include "wardian/kernels/atom_finder.h"

#include <algorithm>

namespace wardian::kernels {

AtomFinder::AtomFinder(const std::vector<std::string>& atoms) {
  for (const std::string& atom : atoms) {
    for (const char c : atom) {
      std::uint8_t& own = class_of_[static_cast<unsigned char>(c)];
      if (own == 0 && classes_ < 256) own = static_cast<std::uint8_t>(classes_++);
    }
  }
  next_.assign(classes_, 0);
  ends_.emplace_back();
  for (std::size_t at = 0; at < atoms.size(); ++at) {
    if (atoms[at].empty()) continue;
    std::uint32_t state = 0;
    for (const char c : atoms[at]) {
      const std::size_t edge = std::size_t{state} * classes_ + class_of_[static_cast<unsigned char>(c)];
      if (next_[edge] == 0) {
        next_[edge] = static_cast<std::uint32_t>(ends_.size());
        next_.resize(next_.size() + classes_, 0);
        ends_.emplace_back();
      }
      state = next_[edge];
    }
    ends_[state].push_back(static_cast<int>(at));
  }
  // Breadth first: a missing edge goes where that of the longest proper suffix goes.
  std::vector<std::uint32_t> suffix(ends_.size(), 0), queue;
  for (std::uint32_t c = 1; c < classes_; ++c) {
    if (next_[c] != 0) queue.push_back(next_[c]);
  }
  for (std::size_t at = 0; at < queue.size(); ++at) {
    const std::uint32_t state = queue[at];
    const std::vector<int>& shorter = ends_[suffix[state]];
    ends_[state].insert(ends_[state].end(), shorter.begin(), shorter.end());
    for (std::uint32_t c = 1; c < classes_; ++c) {
      std::uint32_t& edge = next_[std::size_t{state} * classes_ + c];
      const std::uint32_t fallen = next_[std::size_t{suffix[state]} * classes_ + c];
      if (edge == 0) {
        edge = fallen;
      } else {
        suffix[edge] = fallen;
        queue.push_back(edge);
      }
    }
  }
}

std::vector<int> AtomFinder::find(std::string_view text) const {
  std::vector<int> found;
  std::uint32_t state = 0;
  for (const char c : text) {
    const std::uint8_t own = class_of_[static_cast<unsigned char>(c)];
    state = own == 0 ? 0 : next_[std::size_t{state} * classes_ + own];
    found.insert(found.end(), ends_[state].begin(), ends_[state].end());
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace wardian::kernels
