#include "wardian/kernels/utf8.h"

#include <algorithm>
#include <cstring>

namespace wardian::kernels {

bool is_ascii(std::string_view text) {
  std::size_t at = 0;
  std::uint64_t seen = 0;
  for (; at + sizeof seen <= text.size(); at += sizeof seen) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text.data() + at, sizeof bytes);
    seen |= bytes;
  }
  unsigned char rest = 0;
  for (; at < text.size(); ++at) rest |= static_cast<unsigned char>(text[at]);
  return (seen & 0x8080808080808080ULL) == 0 && rest < 0x80;
}

std::uint32_t next_codepoint(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t size = std::min(character_size(text[at]), text.size() - at);
  std::uint32_t codepoint = size == 1 ? lead : size == 2 ? lead & 0x1F : size == 3 ? lead & 0x0F : lead & 0x07;
  for (std::size_t i = 1; i < size; ++i) {
    codepoint = (codepoint << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3F);
  }
  at += size;
  return codepoint;
}

void append_codepoint(std::string& out, std::uint32_t codepoint) {
  if (!is_codepoint(codepoint)) codepoint = 0xFFFD;
  const auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (codepoint < 0x80) {
    put(codepoint);
  } else if (codepoint < 0x800) {
    put(0xC0 | (codepoint >> 6));
    put(0x80 | (codepoint & 0x3F));
  } else if (codepoint < 0x10000) {
    put(0xE0 | (codepoint >> 12));
    put(0x80 | ((codepoint >> 6) & 0x3F));
    put(0x80 | (codepoint & 0x3F));
  } else {
    put(0xF0 | (codepoint >> 18));
    put(0x80 | ((codepoint >> 12) & 0x3F));
    put(0x80 | ((codepoint >> 6) & 0x3F));
    put(0x80 | (codepoint & 0x3F));
  }
}

std::int64_t character_count(std::string_view text) {
  std::int64_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

std::size_t character_offset(std::string_view text, std::int64_t position) {
  std::size_t at = 0;
  while (position > 0 && at < text.size()) {
    at += character_size(text[at]);
    --position;
  }
  return std::min(at, text.size());
}

}  // namespace wardian::kernels
