#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Characters of UTF-8 text. Text is valid UTF-8 (the engine sees to it); anything else stays within bounds.
namespace wardian::kernels {

/// Bytes of the character that starts with `lead`.
constexpr std::size_t character_size(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

/// One byte a character.
bool is_ascii(std::string_view text);

/// Reads the character at `at` and moves past it.
std::uint32_t next_codepoint(std::string_view text, std::size_t& at);

/// Whether a number is that of a character: surrogates are none.
constexpr bool is_codepoint(std::int64_t value) {
  return value >= 0 && value <= 0x10FFFF && !(value >= 0xD800 && value <= 0xDFFF);
}

/// Appends; what is no code point becomes U+FFFD.
void append_codepoint(std::string& out, std::uint32_t codepoint);

/// Characters, not bytes.
std::int64_t character_count(std::string_view text);

/// Byte offset of the character at that position; the size of the text when it is shorter.
std::size_t character_offset(std::string_view text, std::int64_t position);

}  // namespace wardian::kernels
