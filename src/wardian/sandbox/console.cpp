#include "wardian/sandbox/console.h"

#include <algorithm>
#include <cstdio>

namespace wardian::sandbox {
namespace {

/// Length of the well-formed UTF-8 sequence at the start of `bytes`, or 0; its code point in `code`.
std::size_t sequence_length(std::string_view bytes, char32_t& code) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) {
    code = first;
    return 1;
  }
  std::size_t length = 0;
  char32_t smallest = 0;
  if (first >= 0xC2 && first <= 0xDF) {
    length = 2, code = first & 0x1FU, smallest = 0x80;
  } else if (first >= 0xE0 && first <= 0xEF) {
    length = 3, code = first & 0x0FU, smallest = 0x800;
  } else if (first >= 0xF0 && first <= 0xF4) {
    length = 4, code = first & 0x07U, smallest = 0x10000;
  } else {
    return 0;
  }
  if (bytes.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return 0;
    code = code << 6 | (byte(i) & 0x3FU);
  }
  // Overlong forms, surrogates and what lies beyond Unicode are no UTF-8.
  if (code < smallest || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return 0;
  return length;
}

bool reorders_text(char32_t code) {
  return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) || code == 0x200E || code == 0x200F ||
         code == 0x061C;
}

bool is_control(char32_t code) {
  return (code < 0x20 && code != '\n' && code != '\t') || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029;
}

}  // namespace

std::string printable(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    char32_t code = 0;
    const std::size_t length = sequence_length(bytes, code);
    if (length == 0) {
      text += "\xEF\xBF\xBD";
      bytes.remove_prefix(1);
      continue;
    }
    if (code == '\r' && bytes.size() > 1 && bytes[1] == '\n') {
      bytes.remove_prefix(1);  // a line end of another system
      continue;
    }
    if (is_control(code) || reorders_text(code)) {
      char escape[16];
      std::snprintf(escape, sizeof escape, code < 0x100 ? "\\x%02x" : "\\u%04x", static_cast<unsigned>(code));
      text += escape;
    } else {
      text.append(bytes.substr(0, length));
    }
    bytes.remove_prefix(length);
  }
  return text;
}

void ConsoleKeeper::add(std::string_view bytes) {
  bytes_total_ += bytes.size();
  if (head_.size() < head_bytes_max_) {
    const std::size_t part = std::min<std::size_t>(bytes.size(), head_bytes_max_ - head_.size());
    head_.append(bytes.substr(0, part));
    bytes.remove_prefix(part);
  }
  if (bytes.size() > tail_bytes_max_) bytes.remove_prefix(bytes.size() - tail_bytes_max_);
  tail_.append(bytes);
  if (tail_.size() > 2 * tail_bytes_max_) tail_.erase(0, tail_.size() - tail_bytes_max_);
}

ConsoleText ConsoleKeeper::take() {
  if (tail_.size() > tail_bytes_max_) tail_.erase(0, tail_.size() - tail_bytes_max_);
  ConsoleText text;
  text.bytes_total = bytes_total_;
  text.bytes_dropped = bytes_total_ - head_.size() - tail_.size();
  text.head = std::move(head_);
  text.tail = std::move(tail_);
  return text;
}

std::string ConsoleText::joined() const {
  if (bytes_dropped == 0) return head + tail;
  return head + "\n[... " + std::to_string(bytes_dropped) + " bytes dropped ...]\n" + tail;
}

}  // namespace wardian::sandbox
