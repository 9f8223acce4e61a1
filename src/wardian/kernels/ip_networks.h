#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "wardian/kernels/ip_address.h"

namespace wardian::kernels {

/// Networks by the addresses they hold. Two networks are apart or one lies within the other, so those that hold an
/// address are a chain: found by one search and as many steps as there are.
class IpNetworks {
 public:
  struct Network {
    IpBits bits = 0;  // of its first address
    int suffix = 0;
    std::uint32_t around = kNone;  // the next larger one that holds it
  };
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  /// In any order, equal ones once or more; their bits behind the suffix do not count.
  explicit IpNetworks(std::vector<Network> networks = {});

  /// Calls `visit` with each network that holds the address, the smallest first, until it says to stop.
  template <class Visit>
  void holding(IpBits address, Visit visit) const {
    for (std::uint32_t at = last_up_to(address); at != kNone; at = networks_[at].around) {
      const Network& network = networks_[at];
      if (masked(address, network.suffix) == network.bits && !visit(network)) return;
    }
  }
  bool hold(IpBits address) const {
    bool found = false;
    holding(address, [&](const Network&) { return !(found = true); });
    return found;
  }

 private:
  std::uint32_t last_up_to(IpBits address) const;

  std::vector<Network> networks_;  // by first address, the larger before what lies within
};

}  // namespace wardian::kernels
