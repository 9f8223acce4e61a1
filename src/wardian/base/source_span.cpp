#include "wardian/base/source_span.h"

#include <algorithm>

namespace wardian {

LineColumn line_column(std::string_view text, std::uint32_t offset) {
  LineColumn place;
  const std::size_t stop = std::min<std::size_t>(offset, text.size());
  for (std::size_t at = 0; at < stop; ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == '\n') {
      ++place.line;
      place.column = 1;
    } else if ((byte & 0xC0U) != 0x80U) {  // continuation bytes do not start a character
      ++place.column;
    }
  }
  return place;
}

}  // namespace wardian
