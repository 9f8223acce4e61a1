#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace wardian {

/// Two digits a byte, in lower case.
inline std::string hexadecimal(std::span<const std::byte> bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::byte byte : bytes) {
    text += kDigits[std::to_integer<unsigned>(byte) >> 4U];
    text += kDigits[std::to_integer<unsigned>(byte) & 15U];
  }
  return text;
}

/// Sixteen digits, the highest first.
inline std::string hexadecimal(std::uint64_t number) {
  std::byte bytes[8];
  for (std::size_t at = 0; at < sizeof bytes; ++at) bytes[at] = static_cast<std::byte>(number >> (56 - 8 * at));
  return hexadecimal(std::span<const std::byte>(bytes));
}

}  // namespace wardian
