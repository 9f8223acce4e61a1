#include "wardian/cli/answer/display_width.h"

#include <locale.h>
#include <wchar.h>

#include <array>
#include <cstdio>
#include <optional>

#include "wardian/kernels/utf8.h"

namespace wardian::cli {
namespace {

/// The code point at `at`, moving past it; nullopt (and one byte on) where the bytes are no UTF-8.
std::optional<std::uint32_t> strict_codepoint(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
  const unsigned char lead = byte(at);
  if (lead < 0x80) {
    ++at;
    return lead;
  }
  const std::size_t size = kernels::character_size(text[at]);
  bool sound = lead >= 0xC2 && lead < 0xF5 && at + size <= text.size();
  for (std::size_t next = 1; sound && next < size; ++next) sound = (byte(at + next) & 0xC0U) == 0x80U;
  std::size_t end = at;
  std::uint32_t codepoint = 0;
  if (sound) codepoint = kernels::next_codepoint(text, end);
  constexpr std::array<std::uint32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};
  sound = sound && codepoint >= kSmallest[size] && codepoint <= 0x10FFFF && (codepoint < 0xD800 || codepoint > 0xDFFF);
  if (!sound) {
    ++at;
    return std::nullopt;
  }
  at = end;
  return codepoint;
}

/// wcwidth() knows Unicode only under a UTF-8 locale, and the program leaves the process's own alone.
int character_width(std::uint32_t codepoint) {
  static const locale_t kLocale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  if (codepoint < 0x7F) return codepoint < 0x20 ? 0 : 1;
  if (kLocale == nullptr) return 1;
  const locale_t before = uselocale(kLocale);
  const int width = wcwidth(static_cast<wchar_t>(codepoint));
  uselocale(before);
  return width < 0 ? 1 : width;
}

bool reorders_text(std::uint32_t codepoint) {
  return (codepoint >= 0x202A && codepoint <= 0x202E) || (codepoint >= 0x2066 && codepoint <= 0x2069) || codepoint == 0x200E ||
         codepoint == 0x200F || codepoint == 0x061C;
}

void append_escape(std::string& out, std::uint32_t codepoint) {
  switch (codepoint) {
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  std::array<char, 12> text{};
  std::snprintf(text.data(), text.size(), codepoint < 0x100 ? "\\x%02x" : "\\u%04x", codepoint);
  out += text.data();
}

}  // namespace

int display_width(std::string_view text) {
  int width = 0;
  for (std::size_t at = 0; at < text.size();) width += character_width(strict_codepoint(text, at).value_or(0xFFFD));
  return width;
}

std::string on_one_line(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const std::optional<std::uint32_t> codepoint = strict_codepoint(text, at);
    if (!codepoint) {
      out += "\xEF\xBF\xBD";
    } else if (*codepoint < 0x20 || (*codepoint >= 0x7F && *codepoint < 0xA0) || reorders_text(*codepoint)) {
      append_escape(out, *codepoint);
    } else {
      out.append(text, begin, at - begin);
    }
  }
  return out;
}

std::string printable_lines(std::string_view text) {
  std::string out;
  while (true) {
    const std::size_t end = text.find('\n');
    const bool carriage = end != std::string_view::npos && end > 0 && text[end - 1] == '\r';
    out += on_one_line(text.substr(0, carriage ? end - 1 : end));
    if (end == std::string_view::npos) return out;
    out += '\n';
    text.remove_prefix(end + 1);
  }
}

std::string clipped(std::string_view text, int width) {
  if (display_width(text) <= width) return std::string(text);
  std::string out;
  int used = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    used += character_width(strict_codepoint(text, at).value_or(0xFFFD));
    if (used > width - 1) break;
    out.append(text, begin, at - begin);
  }
  if (width > 0) out += "…";
  return out;
}

}  // namespace wardian::cli
