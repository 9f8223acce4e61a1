#pragma once

#include <algorithm>
#include <cstdint>

namespace wardian::plan {

/// How large a tree is once everything that it shares is written out. Variables stand for whole trees, so that a short
/// text can mean a tree that no stack and no memory would hold: who makes one looks at this first.
struct Extent {
  std::uint32_t depth = 1;
  std::uint64_t size = 1;

  /// One level above `below`.
  void add(const Extent& below) {
    depth = std::max(depth, below.depth + 1);
    size = size > kSizeMax ? size : size + below.size;
  }
  bool too_large() const { return depth > kDepthMax || size > kSizeMax; }

  static constexpr std::uint32_t kDepthMax = 1000;
  static constexpr std::uint64_t kSizeMax = 4'000'000;
};

}  // namespace wardian::plan
