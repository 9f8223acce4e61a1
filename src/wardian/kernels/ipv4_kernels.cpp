#include <algorithm>
#include <bit>

#include "wardian/kernels/ip_network_list.h"
#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"
#include "wardian/kernels/number_text.h"
#include "wardian/kernels/parsed_text.h"

namespace wardian::kernels {
namespace {

using Long = std::int64_t;

/// An address whose suffix is no longer than `suffix`; nullopt for no address and for a suffix that cannot be.
std::optional<Ipv4> address_within(Text text, Long suffix) {
  if (suffix < 0 || suffix > Ipv4::kBits) return std::nullopt;
  auto parsed = parse_ipv4(text);
  if (parsed) parsed->suffix = std::min(parsed->suffix, static_cast<int>(suffix));
  return parsed;
}
/// A number is an address in network order.
std::optional<Ipv4> address_within(Long number, Long suffix) {
  if (suffix < 0 || suffix > Ipv4::kBits || number < 0 || number > 0xFFFF'FFFF) return std::nullopt;
  return Ipv4{static_cast<std::uint32_t>(number), static_cast<int>(suffix)};
}

std::optional<Long> parse_ipv4_mask(Text text, Long suffix) {
  const auto address = address_within(text, suffix);
  if (!address) return std::nullopt;
  return masked(address->bits, address->suffix);
}

template <class Address>
void format_ipv4(Address address, Long suffix, std::string& out) {
  if (const auto found = address_within(address, suffix)) append_ipv4(out, masked(found->bits, found->suffix));
}
template <class Address>
void format_ipv4_mask(Address address, Long suffix, std::string& out) {
  const auto found = address_within(address, suffix);
  if (!found) return;
  append_ipv4(out, masked(found->bits, found->suffix));
  out.push_back('/');
  append_long(out, found->suffix);
}

/// By as many leading bits as the shortest of the three suffixes says.
std::optional<Long> compare(Text a, Text b, Long suffix) {
  const auto first = address_within(a, suffix), second = address_within(b, suffix);
  if (!first || !second) return std::nullopt;
  const int shorter = std::min(first->suffix, second->suffix);
  const std::uint32_t left = masked(first->bits, shorter), right = masked(second->bits, shorter);
  return left < right ? -1 : left > right ? 1 : 0;
}
std::optional<bool> matches(Text a, Text b, Long suffix) {
  const auto order = compare(a, b, suffix);
  return order ? std::optional(*order == 0) : std::nullopt;
}

std::optional<bool> is_in_range(Text address, Text range) {
  const auto network = parse_ipv4(range), inner = parse_ipv4(address);
  if (!network || !inner) return std::nullopt;
  return masked(masked(inner->bits, inner->suffix), network->suffix) == masked(network->bits, network->suffix);
}

std::optional<bool> is_in_any_range(ParsedText<IpNetworkList<Ipv4Family>>& lists, Text address, Text ranges) {
  return is_in_any(lists.of(ranges), address);
}

/// RFC 1918.
std::optional<bool> is_private(Text text) {
  const auto parsed = parse_ipv4(text);
  if (!parsed) return std::nullopt;
  const std::uint32_t bits = masked(parsed->bits, parsed->suffix);
  return bits >> 24 == 10 || bits >> 20 == 0xAC1 || bits >> 16 == 0xC0A8;
}

std::optional<Long> netmask_suffix(Text text) {
  const auto parsed = parse_ipv4(text);
  return parsed ? std::optional<Long>(parsed->suffix) : std::nullopt;
}

/// The fewest networks that hold the addresses from one to another, both included; null when there are none.
bool range_to_networks(Text first, Text last, std::string& out) {
  const auto from = parse_ipv4(first), to = parse_ipv4(last);
  if (!from || !to) return false;
  std::uint64_t at = masked(from->bits, from->suffix);
  const std::uint64_t end = std::uint64_t{masked(to->bits, to->suffix)} + 1;
  if (at >= end) return false;
  JsonArrayWriter networks(out);
  while (at < end) {
    const int aligned = at == 0 ? Ipv4::kBits : std::countr_zero(at);
    const int fitting = std::bit_width(end - at) - 1;
    const int free_bits = std::min(aligned, fitting);
    networks.separate();
    out.push_back('"');
    append_ipv4(out, static_cast<std::uint32_t>(at));
    out.push_back('/');
    append_long(out, Ipv4::kBits - free_bits);
    out.push_back('"');
    at += std::uint64_t{1} << free_bits;
  }
  networks.close();
  return true;
}

constexpr Kernel kKernels[] = {
    kernel<&format_ipv4<Text>>("wardian_format_ipv4"),
    kernel<&format_ipv4_mask<Text>>("wardian_format_ipv4_mask"),
    kernel<&format_ipv4_mask<Long>>("wardian_format_ipv4_mask_of_number"),
    kernel<&format_ipv4<Long>>("wardian_format_ipv4_of_number"),
    kernel<&compare>("wardian_ipv4_compare"),
    kernel<&is_in_any_range>("wardian_ipv4_is_in_any_range"),
    kernel<&is_in_range>("wardian_ipv4_is_in_range"),
    kernel<&matches>("wardian_ipv4_is_match"),
    kernel<&is_private>("wardian_ipv4_is_private"),
    kernel<&netmask_suffix>("wardian_ipv4_netmask_suffix"),
    kernel<&range_to_networks>("wardian_ipv4_range_to_cidr_list"),
    kernel<&parse_ipv4_mask>("wardian_parse_ipv4_mask"),
};

}  // namespace

std::span<const Kernel> ipv4_kernels() { return kKernels; }

}  // namespace wardian::kernels
