#include "wardian/kernels/ip_networks.h"

#include <gtest/gtest.h>

#include <random>

namespace wardian::kernels {
namespace {

std::vector<int> suffixes(const IpNetworks& networks, IpBits address) {
  std::vector<int> found;
  networks.holding(address, [&](const IpNetworks::Network& network) {
    found.push_back(network.suffix);
    return true;
  });
  return found;
}

IpNetworks::Network network(IpBits bits, int suffix) { return {bits, suffix, IpNetworks::kNone}; }

TEST(IpNetworks, ChainsFromTheSmallest) {
  const IpBits ten = IpBits{10} << 120;
  const IpNetworks networks(
      {network(ten, 8), network(0, 0), network(ten | (IpBits{1} << 112), 16), network(ten, 8), network(~IpBits{0}, 128)});
  EXPECT_EQ(suffixes(networks, ten | (IpBits{1} << 112)), (std::vector<int>{16, 8, 0}));
  EXPECT_EQ(suffixes(networks, ten | (IpBits{2} << 112)), (std::vector<int>{8, 0}));
  EXPECT_EQ(suffixes(networks, ~IpBits{0}), (std::vector<int>{128, 0}));
  EXPECT_EQ(suffixes(networks, 5), std::vector<int>{0});
  EXPECT_TRUE(suffixes(IpNetworks(), 5).empty());
}

// Source: every network asked by itself.
TEST(IpNetworks, AgreeWithAskingEachNetwork) {
  std::mt19937 random(5);
  std::vector<IpNetworks::Network> all;
  const auto small = [&] { return IpBits{random() % 16} << 124 | IpBits{random() % 16} << 120; };
  for (int made = 0; made < 200; ++made) all.push_back(network(small(), static_cast<int>(random() % 9)));
  const IpNetworks networks(all);
  for (int asked = 0; asked < 500; ++asked) {
    const IpBits address = small() | random();
    std::vector<int> expected;
    for (int suffix = 8; suffix >= 0; --suffix) {
      const auto holds = [&](const IpNetworks::Network& each) {
        return each.suffix == suffix && masked(each.bits, suffix) == masked(address, suffix);
      };
      if (std::any_of(all.begin(), all.end(), holds)) expected.push_back(suffix);
    }
    ASSERT_EQ(suffixes(networks, address), expected);
  }
}

}  // namespace
}  // namespace wardian::kernels
