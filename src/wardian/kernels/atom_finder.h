#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wardian::kernels {

/// Finds which of many short texts occur within another, in one pass over it.
/// Source: Aho, Corasick 1975, "Efficient string matching".
class AtomFinder {
 public:
  explicit AtomFinder(const std::vector<std::string>& atoms = {});

  /// The places of those that occur, each once, in no order. An empty atom never does.
  std::vector<int> find(std::string_view text) const;

 private:
  std::array<std::uint8_t, 256> class_of_{};  // 0: of no atom
  std::uint32_t classes_ = 1;
  std::vector<std::uint32_t> next_;     // state * classes_ + class → state
  std::vector<std::vector<int>> ends_;  // atoms that end in a state, those of its suffixes as well
};

}  // namespace wardian::kernels
