#include "wardian/kernels/clock_text.h"

#include <algorithm>

namespace wardian::kernels {

void append_padded(std::string& out, std::uint64_t value, int width) {
  char digits[20];
  int at = 20;
  do {
    digits[--at] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  while (20 - at < width) digits[--at] = '0';
  out.append(digits + at, static_cast<std::size_t>(20 - at));
}

void append_fraction(std::string& out, std::uint64_t ticks, int count, bool trimmed) {
  const std::size_t before = out.size();
  append_padded(out, ticks, 7);
  out.resize(before + static_cast<std::size_t>(std::min(count, 7)));
  while (trimmed && out.size() > before && out.back() == '0') out.pop_back();
}

}  // namespace wardian::kernels
