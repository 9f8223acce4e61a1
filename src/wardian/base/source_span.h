#pragma once

#include <cstdint>
#include <string_view>

namespace wardian {

/// A piece of the request's text: byte offsets, end exclusive.
struct SourceSpan {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  friend bool operator==(const SourceSpan&, const SourceSpan&) = default;
};

/// The smallest span that covers both.
constexpr SourceSpan cover(SourceSpan a, SourceSpan b) {
  return {a.begin < b.begin ? a.begin : b.begin, a.end > b.end ? a.end : b.end};
}

/// Line and column of a byte offset, both from 1; columns count Unicode code points, as editors do.
struct LineColumn {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

LineColumn line_column(std::string_view text, std::uint32_t offset);

}  // namespace wardian
