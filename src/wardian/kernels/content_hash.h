#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace wardian::kernels {

/// SHA-256 over bytes that come piece by piece. Source: FIPS 180-4.
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

/// Likewise, of bytes at hand.
std::string content_hash(std::string_view bytes);

}  // namespace wardian::kernels
