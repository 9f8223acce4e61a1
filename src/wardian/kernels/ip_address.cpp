#include "wardian/kernels/ip_address.h"

#include <charconv>

namespace wardian::kernels {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<unsigned> hex_digit(char c) {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

/// The number behind the slash, which is taken off `text`; `most` where there is none.
std::optional<int> cut_suffix(std::string_view& text, int most) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return most;
  const std::string_view digits = text.substr(slash + 1);
  text = text.substr(0, slash);
  int suffix = 0;
  if (digits.empty() || digits.size() > 3) return std::nullopt;
  for (const char c : digits) {
    if (!is_digit(c)) return std::nullopt;
    suffix = suffix * 10 + (c - '0');
  }
  return suffix <= most ? std::optional(suffix) : std::nullopt;
}

struct Groups {
  IpBits bits = 0;
  int count = 0;          // of 16 bits
  bool has_ipv4 = false;  // the last two were written as four numbers
};

/// Groups with colons between, none at all included.
std::optional<Groups> read_groups(std::string_view text) {
  Groups made;
  if (text.empty()) return made;
  for (std::size_t at = 0;;) {
    std::uint32_t quad = 0;
    if (std::size_t end = at; read_ipv4(text, end, quad)) {
      if (end != text.size() || made.count > 6) return std::nullopt;
      made.bits = made.bits << 32 | quad;
      made.count += 2;
      made.has_ipv4 = true;
      return made;
    }
    unsigned group = 0;
    std::size_t digits = 0;
    for (; at < text.size() && digits < 4; ++at, ++digits) {
      const auto digit = hex_digit(text[at]);
      if (!digit) break;
      group = group << 4 | *digit;
    }
    if (digits == 0 || ++made.count > 8) return std::nullopt;
    made.bits = made.bits << 16 | group;
    if (at == text.size()) return made;
    if (text[at++] != ':') return std::nullopt;
  }
}

}  // namespace

bool read_ipv4(std::string_view text, std::size_t& at, std::uint32_t& bits) {
  std::size_t here = at;
  std::uint32_t made = 0;
  for (int part = 0; part < 4; ++part) {
    if (part > 0) {
      if (here >= text.size() || text[here] != '.') return false;
      ++here;
    }
    unsigned value = 0;
    int digits = 0;
    for (; here < text.size() && is_digit(text[here]); ++here) {
      if (++digits > 3) return false;
      value = value * 10 + static_cast<unsigned>(text[here] - '0');
    }
    if (digits == 0 || value > 255) return false;
    made = made << 8 | value;
  }
  at = here;
  bits = made;
  return true;
}

std::optional<Ipv4> parse_ipv4(std::string_view text) {
  const auto suffix = cut_suffix(text, Ipv4::kBits);
  Ipv4 made;
  std::size_t at = 0;
  if (!suffix || !read_ipv4(text, at, made.bits) || at != text.size()) return std::nullopt;
  made.suffix = *suffix;
  return made;
}

std::optional<Ipv6> parse_ipv6(std::string_view text) {
  if (const auto ipv4 = parse_ipv4(text)) return Ipv6{IpBits{0xFFFF} << 32 | ipv4->bits, ipv4->suffix + 96};
  const bool has_suffix = text.find('/') != std::string_view::npos;
  auto suffix = cut_suffix(text, Ipv6::kBits);
  if (!suffix) return std::nullopt;
  Ipv6 made;
  bool has_ipv4 = false;
  if (const std::size_t gap = text.find("::"); gap != std::string_view::npos) {
    const auto head = read_groups(text.substr(0, gap)), tail = read_groups(text.substr(gap + 2));
    // The gap stands for one group of zeros at least.
    if (!head || !tail || head->has_ipv4 || head->count + tail->count > 7) return std::nullopt;
    has_ipv4 = tail->has_ipv4;
    made.bits = tail->bits;
    if (head->count > 0) made.bits |= head->bits << (Ipv6::kBits - 16 * head->count);
  } else {
    const auto all = read_groups(text);
    if (!all || all->count != 8) return std::nullopt;
    has_ipv4 = all->has_ipv4;
    made.bits = all->bits;
  }
  if (has_ipv4) {
    if (made.bits >> 32 == 0) made.bits |= IpBits{0xFFFF} << 32;
    if (has_suffix && *suffix <= Ipv4::kBits) *suffix += 96;
  }
  made.suffix = *suffix;
  return made;
}

void append_ipv4(std::string& out, std::uint32_t bits) {
  char room[16];
  char* end = room;
  for (int shift = 24; shift >= 0; shift -= 8) {
    end = std::to_chars(end, room + sizeof room, bits >> shift & 0xFF).ptr;
    if (shift > 0) *end++ = '.';
  }
  out.append(room, end);
}

void append_ipv6(std::string& out, IpBits bits) {
  constexpr char kDigits[] = "0123456789abcdef";
  for (int shift = 124; shift >= 0; shift -= 4) {
    out.push_back(kDigits[static_cast<unsigned>(bits >> shift) & 0xF]);
    if (shift % 16 == 0 && shift > 0) out.push_back(':');
  }
}

}  // namespace wardian::kernels
