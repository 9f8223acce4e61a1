#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

namespace wardian::sandbox {

/// What zygotes and children say to the keeper: a word, and numbers after it.
inline constexpr std::size_t kMessageBytesMax = 4096;

/// The numbers after the first word of a message.
template <std::size_t N>
bool numbers_of(std::string_view text, std::array<std::uint64_t, N>& numbers) {
  std::size_t place = text.find(' ');
  for (std::uint64_t& number : numbers) {
    if (place == std::string_view::npos) return false;
    const char* const begin = text.data() + place + 1;
    const auto [end, error] = std::from_chars(begin, text.data() + text.size(), number);
    if (error != std::errc()) return false;
    place = static_cast<std::size_t>(end - text.data());
    if (place >= text.size()) place = std::string_view::npos;
  }
  return true;
}

/// The last line that is not blank: where a Python traceback names its exception.
inline std::string last_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  const std::size_t start = text.rfind('\n');
  return start == std::string::npos ? text : text.substr(start + 1);
}

}  // namespace wardian::sandbox
