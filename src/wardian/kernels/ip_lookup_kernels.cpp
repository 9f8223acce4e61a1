#include <map>

#include "wardian/kernels/ip_network_list.h"
#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"
#include "wardian/kernels/parsed_text.h"

// The join of addresses with the networks that hold them. A network's key is its first address and its suffix in 34
// hexadecimal digits, then what else must be equal: a join finds it by equality, whatever the networks' sizes.
namespace wardian::kernels {
namespace {

constexpr std::size_t kDigits = 34;

void append_key(std::string& out, const IpNetworks::Network& network, Text others) {
  constexpr char kHex[] = "0123456789abcdef";
  for (int shift = 124; shift >= 0; shift -= 4) out.push_back(kHex[static_cast<unsigned>(network.bits >> shift) & 0xF]);
  out.push_back(kHex[network.suffix >> 4]);
  out.push_back(kHex[network.suffix & 0xF]);
  out.append(others);
}

unsigned hex_value(char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); }

/// Networks by what else must be equal, read from keys that are set apart by line breaks.
struct NetworkTable {
  explicit NetworkTable(Text keys) {
    std::map<Text, std::vector<IpNetworks::Network>> found;
    while (!keys.empty()) {
      const std::size_t end = std::min(keys.find('\n'), keys.size());
      const Text key = keys.substr(0, end);
      keys.remove_prefix(std::min(end + 1, keys.size()));
      if (key.size() < kDigits) continue;
      IpNetworks::Network network;
      for (std::size_t at = 0; at < kDigits - 2; ++at) network.bits = network.bits << 4 | hex_value(key[at]);
      network.suffix = static_cast<int>(hex_value(key[kDigits - 2]) << 4 | hex_value(key[kDigits - 1]));
      found[key.substr(kDigits)].push_back(network);
    }
    for (auto& [others, networks] : found) by_others.emplace(std::string(others), IpNetworks(std::move(networks)));
  }
  std::map<std::string, IpNetworks, std::less<>> by_others;
};

/// '' for no network, and where one of the others is null.
template <class Family>
void network_key(Text text, Text others, std::string& out) {
  auto network = Family::network(text);
  if (!network) return;
  network->bits = masked(network->bits, network->suffix);
  append_key(out, *network, others);
}

/// An array of the keys of all networks that hold the address; of one empty text where there are none.
template <class Family>
void keys_holding(ParsedText<NetworkTable>& tables, Text text, std::optional<Text> others, std::optional<Text> keys,
                  std::string& out) {
  JsonArrayWriter array(out);
  bool any = false;
  const auto address = first_address<Family>(text);
  if (address && others && keys) {
    const NetworkTable& table = tables.of(*keys);
    if (const auto at = table.by_others.find(*others); at != table.by_others.end()) {
      std::string key;
      at->second.holding(*address, [&](const IpNetworks::Network& network) {
        key.clear();
        append_key(key, network, *others);
        array.add_string(key);
        return any = true;
      });
    }
  }
  if (!any) array.add_string({});
  array.close();
}

constexpr Kernel kKernels[] = {
    kernel<&keys_holding<Ipv4Family>>("wardian_ipv4_keys_holding"),
    kernel<&network_key<Ipv4Family>>("wardian_ipv4_network_key"),
    kernel<&keys_holding<Ipv6Family>>("wardian_ipv6_keys_holding"),
    kernel<&network_key<Ipv6Family>>("wardian_ipv6_network_key"),
};

}  // namespace

std::span<const Kernel> ip_lookup_kernels() { return kKernels; }

}  // namespace wardian::kernels
