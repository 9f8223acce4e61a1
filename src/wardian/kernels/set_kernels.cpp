#include <unordered_set>

#include "wardian/kernels/json_text.h"
#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"

// Arrays as sets: elements are equal when their JSON is; the order is that of first appearance.
namespace wardian::kernels {
namespace {

using Set = std::unordered_set<Text>;

bool all_arrays(Texts arrays) {
  for (const auto& json : arrays) {
    if (!json || json_kind(*json) != JsonKind::array) return false;
  }
  return true;
}

Set elements_of(Text json) {
  Set set;
  for (JsonWalk walk(json); walk.next();) set.insert(walk.value());
  return set;
}

bool set_union(Texts arrays, std::string& out) {
  Set seen;
  JsonArrayWriter array(out);
  bool any = false;
  for (const auto& json : arrays) {
    if (!json || json_kind(*json) != JsonKind::array) continue;
    any = true;
    for (JsonWalk walk(*json); walk.next();) {
      if (seen.insert(walk.value()).second) array.add(walk.value());
    }
  }
  array.close();
  return any;
}

bool set_intersect(Texts arrays, std::string& out) {
  if (arrays.empty() || !all_arrays(arrays)) return false;
  std::vector<Set> others;
  for (const auto& json : arrays.subspan(1)) others.push_back(elements_of(*json));
  Set seen;
  JsonArrayWriter array(out);
  for (JsonWalk walk(*arrays.front()); walk.next();) {
    bool everywhere = true;
    for (const Set& other : others) everywhere = everywhere && other.contains(walk.value());
    if (everywhere && seen.insert(walk.value()).second) array.add(walk.value());
  }
  array.close();
  return true;
}

bool set_difference(Texts arrays, std::string& out) {
  if (arrays.empty() || !all_arrays(arrays)) return false;
  Set seen;
  for (const auto& json : arrays.subspan(1)) seen.merge(elements_of(*json));
  JsonArrayWriter array(out);
  for (JsonWalk walk(*arrays.front()); walk.next();) {
    if (seen.insert(walk.value()).second) array.add(walk.value());
  }
  array.close();
  return true;
}

std::optional<bool> has_element(Text json, std::optional<Text> value) {
  if (json_kind(json) != JsonKind::array) return std::nullopt;
  for (JsonWalk walk(json); walk.next();) {
    if (walk.value() == value.value_or("null")) return true;
  }
  return false;
}

/// Size of the intersection by size of the union; null for two empty sets.
std::optional<double> jaccard(Text first, Text second) {
  if (json_kind(first) != JsonKind::array || json_kind(second) != JsonKind::array) return std::nullopt;
  const Set a = elements_of(first), b = elements_of(second);
  std::size_t common = 0;
  for (const Text element : a) common += b.count(element);
  const std::size_t all = a.size() + b.size() - common;
  if (all == 0) return std::nullopt;
  return static_cast<double>(common) / static_cast<double>(all);
}

/// What make_list makes of the array of all its values: where all are arrays, these are joined. Only so many elements are kept.
bool opened_elements(Text json, std::int64_t size_max, bool with_nulls, std::string& out) {
  std::int64_t size = 0;
  JsonArrayWriter array(out);
  const auto add = [&](Text element) {
    if (!with_nulls && element == "null") return;
    if (size++ < size_max) array.add(element);
  };
  bool opens = true;
  for (JsonWalk walk(json); opens && walk.next();) {
    opens = walk.value() == "null" || json_kind(walk.value()) == JsonKind::array;
  }
  for (JsonWalk walk(json); size < size_max && walk.next();) {
    if (!opens || json_kind(walk.value()) != JsonKind::array)
      add(walk.value());
    else
      for (JsonWalk inner(walk.value()); size < size_max && inner.next();) add(inner.value());
  }
  array.close();
  return true;
}

constexpr Kernel kKernels[] = {
    kernel<&jaccard>("wardian_jaccard_index"),         kernel<&opened_elements>("wardian_opened_elements"),
    kernel<&set_difference>("wardian_set_difference"), kernel<&has_element>("wardian_set_has_element"),
    kernel<&set_intersect>("wardian_set_intersect"),   kernel<&set_union>("wardian_set_union"),
};

}  // namespace

std::span<const Kernel> set_kernels() { return kKernels; }

}  // namespace wardian::kernels
