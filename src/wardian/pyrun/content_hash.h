#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace wardian::pyrun {

/// SHA-256 over bytes that come piece by piece.
class ContentHash {
 public:
  ContentHash();
  ~ContentHash();
  ContentHash(const ContentHash&) = delete;
  ContentHash& operator=(const ContentHash&) = delete;

  void add(std::span<const std::byte> bytes);
  /// In hexadecimal, lower case. Ends it: what is added afterwards begins a new one.
  std::string take();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace wardian::pyrun
