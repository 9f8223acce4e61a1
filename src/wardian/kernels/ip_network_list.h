#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wardian/kernels/ip_networks.h"
#include "wardian/kernels/json_text.h"

namespace wardian::kernels {

struct Ipv4Family {
  static std::optional<IpNetworks::Network> network(std::string_view text) {
    const auto parsed = parse_ipv4(text);
    if (!parsed) return std::nullopt;
    return IpNetworks::Network{IpBits{parsed->bits}, parsed->suffix + Ipv6::kBits - Ipv4::kBits, IpNetworks::kNone};
  }
};
struct Ipv6Family {
  static std::optional<IpNetworks::Network> network(std::string_view text) {
    const auto parsed = parse_ipv6(text);
    if (!parsed) return std::nullopt;
    return IpNetworks::Network{parsed->bits, parsed->suffix, IpNetworks::kNone};
  }
};

/// The networks of an array of texts, or of one text (both as JSON).
template <class Family>
struct IpNetworkList {
  explicit IpNetworkList(std::string_view json) {
    std::vector<IpNetworks::Network> made;
    const auto add = [&](std::string_view element) {
      const auto network = json_kind(element) == JsonKind::string ? Family::network(unescaped(element)) : std::nullopt;
      if (network) {
        made.push_back(*network);
      } else {
        all_valid = false;
      }
    };
    if (json_kind(json) == JsonKind::array) {
      for (JsonWalk walk(json); walk.next();) add(walk.value());
    } else {
      add(json);
    }
    networks = IpNetworks(std::move(made));
  }

  IpNetworks networks;
  bool all_valid = true;
};

/// The first address of a network in the form that it is looked for among others.
template <class Family>
std::optional<IpBits> first_address(std::string_view text) {
  const auto network = Family::network(text);
  if (!network) return std::nullopt;
  return masked(network->bits, network->suffix);
}

/// Whether one of the networks holds the address; null where the address is none, and where none does but one of them
/// cannot be read.
template <class Family>
std::optional<bool> is_in_any(const IpNetworkList<Family>& list, std::string_view text) {
  const auto address = first_address<Family>(text);
  if (!address) return std::nullopt;
  if (list.networks.hold(*address)) return true;
  return list.all_valid ? std::optional(false) : std::nullopt;
}

}  // namespace wardian::kernels
