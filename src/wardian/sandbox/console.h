#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "wardian/sandbox/outcome.h"

namespace wardian::sandbox {

enum class ConsoleStream : std::uint8_t { standard_output, standard_error };

/// Untrusted bytes as text that may be shown: UTF-8 with U+FFFD for what is none; control characters other than newline and tab, and
/// bidirectional overrides, become visible escapes (\x1b, \u202e), so that no terminal or log can be made to lie.
std::string printable(std::string_view bytes);

/// Keeps the head and the tail of one stream within fixed memory.
class ConsoleKeeper {
 public:
  ConsoleKeeper(std::uint64_t head_bytes_max, std::uint64_t tail_bytes_max)
      : head_bytes_max_(head_bytes_max), tail_bytes_max_(tail_bytes_max) {}
  void add(std::string_view bytes);
  ConsoleText take();

 private:
  std::uint64_t head_bytes_max_;
  std::uint64_t tail_bytes_max_;
  std::uint64_t bytes_total_ = 0;
  std::string head_;
  std::string tail_;  // up to twice its bound, trimmed when it gets there: amortised constant cost a byte
};

}  // namespace wardian::sandbox
