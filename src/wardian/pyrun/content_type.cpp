#include "wardian/pyrun/content_type.h"

#include <simdjson.h>

#include <algorithm>
#include <cstdint>

namespace wardian::pyrun {
namespace {

// The first element of a document comes within so many bytes, or it is not taken for one.
constexpr std::size_t kPrologueBytesMax = 64 << 10;

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char byte : bytes.substr(0, 4)) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

bool skip(std::string_view& text, std::string_view begin, std::string_view end) {
  if (!text.starts_with(begin)) return false;
  const std::size_t at = text.find(end, begin.size());
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + end.size());
  return true;
}

void skip_blanks(std::string_view& text) { text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size())); }

bool begins_with_word(std::string_view text, std::string_view word) {
  const auto lower = [](char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter; };
  return text.size() > word.size() && std::ranges::equal(text.substr(0, word.size()), word, {}, lower) &&
         std::string_view(" \t\r\n>/").find(text[word.size()]) != std::string_view::npos;
}

}  // namespace

bool is_whole_png(std::string_view bytes) {
  static constexpr std::string_view kSignature("\x89PNG\r\n\x1a\n", 8);
  if (!bytes.starts_with(kSignature)) return false;
  bytes.remove_prefix(kSignature.size());
  // A chunk: length, name, data, checksum.
  for (bool first = true; bytes.size() >= 12; first = false) {
    const std::uint64_t length = big_endian(bytes);
    const std::string_view name = bytes.substr(4, 4);
    if (first != (name == "IHDR") || length > bytes.size() - 12) return false;
    bytes.remove_prefix(12 + length);
    if (name == "IEND") return bytes.empty();
  }
  return false;
}

bool is_svg(std::string_view bytes) {
  std::string_view text = bytes.substr(0, kPrologueBytesMax);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  do {
    skip_blanks(text);
  } while (skip(text, "<?", "?>") || skip(text, "<!--", "-->") || skip(text, "<!DOCTYPE", ">"));
  // Prefixed names of the element are not looked for: no library writes them.
  if (!text.starts_with("<svg") || !begins_with_word(text, "<svg")) return false;
  return bytes.find('\0') == std::string_view::npos && simdjson::validate_utf8(bytes);
}

bool is_html(std::string_view bytes) {
  std::string_view text = bytes.substr(0, kPrologueBytesMax);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  do {
    skip_blanks(text);
  } while (skip(text, "<!--", "-->"));
  return begins_with_word(text, "<!doctype html") || begins_with_word(text, "<html");
}

}  // namespace wardian::pyrun
