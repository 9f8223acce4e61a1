#include "wardian/kql/syntax/string_literal.h"

#include <cstdint>

#include "wardian/kernels/utf8.h"

namespace wardian::kql::syntax {
namespace {

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 16;
}

/// Up to `count` digits of the base at `at`, which moves past them.
std::uint32_t number(std::string_view text, std::size_t& at, int count, int base) {
  std::uint32_t value = 0;
  for (int i = 0; i < count && at < text.size() && digit_value(text[at]) < base; ++i, ++at) {
    value = value * static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(digit_value(text[at]));
  }
  return value;
}

/// Four hexadecimal digits; a pair of surrogates makes one character, as in JSON.
std::uint32_t utf16(std::string_view text, std::size_t& at) {
  const std::uint32_t high = number(text, at, 4, 16);
  if (high < 0xD800 || high > 0xDBFF || text.substr(at, 2) != "\\u") return high;
  std::size_t after = at + 2;
  const std::uint32_t low = number(text, after, 4, 16);
  if (low < 0xDC00 || low > 0xDFFF) return high;
  at = after;
  return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

void append_escape(std::string& out, std::string_view text, std::size_t& at) {
  const char c = text[at++];
  switch (c) {
    case 'a': out += '\a'; return;
    case 'b': out += '\b'; return;
    case 'f': out += '\f'; return;
    case 'n': out += '\n'; return;
    case 'r': out += '\r'; return;
    case 't': out += '\t'; return;
    case 'v': out += '\v'; return;
    case 'x': return kernels::append_codepoint(out, number(text, at, 2, 16));
    case 'u': return kernels::append_codepoint(out, utf16(text, at));
    case 'U': return kernels::append_codepoint(out, number(text, at, 8, 16));
    default: break;
  }
  if (digit_value(c) < 8) {
    --at;
    return kernels::append_codepoint(out, number(text, at, 3, 8));
  }
  out += c;
}

}  // namespace

StringText string_text(std::string_view token) {
  StringText result;
  if (token.starts_with('h') || token.starts_with('H')) {
    result.hidden = true;
    token.remove_prefix(1);
  }
  if (token.starts_with("```") || token.starts_with("~~~")) {
    result.text = token.substr(3, token.size() - 6);
    return result;
  }
  const bool verbatim = token.starts_with('@');
  if (verbatim) token.remove_prefix(1);
  const char quote = token.front();
  const std::string_view inner = token.substr(1, token.size() - 2);
  for (std::size_t at = 0; at < inner.size();) {
    const char c = inner[at++];
    if (verbatim && c == quote) ++at;  // doubled
    if (verbatim || c != '\\' || at == inner.size())
      result.text += c;
    else
      append_escape(result.text, inner, at);
  }
  return result;
}

}  // namespace wardian::kql::syntax
