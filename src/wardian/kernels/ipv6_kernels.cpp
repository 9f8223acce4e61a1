#include <algorithm>

#include "wardian/kernels/ip_network_list.h"
#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"
#include "wardian/kernels/parsed_text.h"

namespace wardian::kernels {
namespace {

using Long = std::int64_t;

/// An address whose suffix is no longer than `suffix`; nullopt for no address and for a suffix that cannot be.
std::optional<Ipv6> address_within(Text text, Long suffix) {
  if (suffix < 0 || suffix > Ipv6::kBits) return std::nullopt;
  auto parsed = parse_ipv6(text);
  if (parsed) parsed->suffix = std::min(parsed->suffix, static_cast<int>(suffix));
  return parsed;
}

void canonical(Text text, Long suffix, std::string& out) {
  if (const auto address = address_within(text, suffix)) append_ipv6(out, masked(address->bits, address->suffix));
}

/// By as many leading bits as the shortest of the three suffixes says.
std::optional<Long> compare(Text a, Text b, Long suffix) {
  const auto first = address_within(a, suffix), second = address_within(b, suffix);
  if (!first || !second) return std::nullopt;
  const int shorter = std::min(first->suffix, second->suffix);
  const IpBits left = masked(first->bits, shorter), right = masked(second->bits, shorter);
  return left < right ? -1 : left > right ? 1 : 0;
}
std::optional<bool> matches(Text a, Text b, Long suffix) {
  const auto order = compare(a, b, suffix);
  return order ? std::optional(*order == 0) : std::nullopt;
}

std::optional<bool> is_in_range(Text address, Text range) {
  const auto network = parse_ipv6(range), inner = parse_ipv6(address);
  if (!network || !inner) return std::nullopt;
  return masked(masked(inner->bits, inner->suffix), network->suffix) == masked(network->bits, network->suffix);
}

std::optional<bool> is_in_any_range(ParsedText<IpNetworkList<Ipv6Family>>& lists, Text address, Text ranges) {
  return is_in_any(lists.of(ranges), address);
}

constexpr Kernel kKernels[] = {
    kernel<&compare>("wardian_ipv6_compare"),         kernel<&is_in_any_range>("wardian_ipv6_is_in_any_range"),
    kernel<&is_in_range>("wardian_ipv6_is_in_range"), kernel<&matches>("wardian_ipv6_is_match"),
    kernel<&canonical>("wardian_parse_ipv6_mask"),
};

}  // namespace

std::span<const Kernel> ipv6_kernels() { return kKernels; }

}  // namespace wardian::kernels
