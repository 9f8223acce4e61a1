#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Addresses of IPv4 and IPv6 as numbers, with the suffix that says how many of the leading bits count ("10.0.0.1/8").
namespace wardian::kernels {

struct Ipv4 {
  static constexpr int kBits = 32;
  std::uint32_t bits = 0;
  int suffix = kBits;
};

__extension__ using IpBits = unsigned __int128;

struct Ipv6 {
  static constexpr int kBits = 128;
  IpBits bits = 0;
  int suffix = kBits;
};

/// The address with all bits behind the first `suffix` cleared.
constexpr std::uint32_t masked(std::uint32_t bits, int suffix) {
  return suffix <= 0 ? 0 : bits & (~std::uint32_t{0} << (Ipv4::kBits - suffix));
}
constexpr IpBits masked(IpBits bits, int suffix) { return suffix <= 0 ? 0 : bits & (~IpBits{0} << (Ipv6::kBits - suffix)); }

/// Reads four numbers of 0 to 255 with points between, from `at`, and moves past them. false, and `at` as it was, for
/// anything else; what follows is not looked at.
bool read_ipv4(std::string_view text, std::size_t& at, std::uint32_t& bits);

/// "a.b.c.d" or "a.b.c.d/suffix"; nullopt for anything else, blanks included.
std::optional<Ipv4> parse_ipv4(std::string_view text);

/// RFC 4291 text, or an IPv4 address, which stands for ::ffff:a.b.c.d; so does ::a.b.c.d. A suffix up to 32 behind an
/// address that ends in IPv4 notation counts within those 32 bits.
std::optional<Ipv6> parse_ipv6(std::string_view text);

/// "a.b.c.d". Appends.
void append_ipv4(std::string& out, std::uint32_t bits);

/// Eight groups of four digits. Appends.
void append_ipv6(std::string& out, IpBits bits);

}  // namespace wardian::kernels
