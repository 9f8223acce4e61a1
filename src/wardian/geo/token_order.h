#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <vector>

namespace wardian::geo {

/// Tokens of cells in the order in which the service gives them: that of a hash set of their texts (FNV-1a), where a text goes
/// before those of its bucket, and else to the end. There are 8 buckets at first, eight times as many when they do not suffice, and
/// twice as many from 512 on. Source: the printed results of geo_geohash_neighbors() and geo_s2cell_neighbors(), where the cells
/// around one go in row by row, and of geo_h3cell_neighbors() and geo_polygon_to_h3cells(), in the order of H3's library.
inline std::vector<std::string> in_service_order(const std::vector<std::string>& tokens) {
  using Order = std::list<std::string_view>;
  Order order;
  std::vector<Order::iterator> first(8, order.end());  // of each bucket
  const auto place = [&](std::string_view token) {
    std::uint64_t hash = 14695981039346656037U;
    for (const char byte : token) hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211U;
    auto& bucket = first[hash % first.size()];
    bucket = order.insert(bucket, token);
  };
  for (const std::string& token : tokens) {
    if (order.size() == first.size()) {
      const Order before = std::move(order);
      order.clear();
      first.assign(first.size() * (first.size() < 512 ? 8 : 2), order.end());
      for (const std::string_view each : before) place(each);
    }
    place(token);
  }
  return {order.begin(), order.end()};
}

}  // namespace wardian::geo
