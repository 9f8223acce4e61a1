#include "wardian/kernels/ip_networks.h"

#include <algorithm>

namespace wardian::kernels {

IpNetworks::IpNetworks(std::vector<Network> networks) : networks_(std::move(networks)) {
  for (Network& network : networks_) network.bits = masked(network.bits, network.suffix);
  const auto order = [](const Network& a, const Network& b) { return a.bits != b.bits ? a.bits < b.bits : a.suffix < b.suffix; };
  std::sort(networks_.begin(), networks_.end(), order);
  const auto same = [](const Network& a, const Network& b) { return a.bits == b.bits && a.suffix == b.suffix; };
  networks_.erase(std::unique(networks_.begin(), networks_.end(), same), networks_.end());
  std::vector<std::uint32_t> open;  // those that may hold the next
  for (std::uint32_t at = 0; at < networks_.size(); ++at) {
    const auto holds = [&](std::uint32_t outer) {
      return masked(networks_[at].bits, networks_[outer].suffix) == networks_[outer].bits;
    };
    while (!open.empty() && !holds(open.back())) open.pop_back();
    networks_[at].around = open.empty() ? kNone : open.back();
    open.push_back(at);
  }
}

std::uint32_t IpNetworks::last_up_to(IpBits address) const {
  const auto after = std::upper_bound(networks_.begin(), networks_.end(), address,
                                      [](IpBits value, const Network& network) { return value < network.bits; });
  return after == networks_.begin() ? kNone : static_cast<std::uint32_t>(after - networks_.begin() - 1);
}

}  // namespace wardian::kernels
