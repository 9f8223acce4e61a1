#include "wardian/kernels/weighted_values.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

namespace wardian::kernels {
namespace {

constexpr std::uint64_t kSign = std::uint64_t{1} << 63;

}  // namespace

std::int64_t sum_of_weights(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<std::int64_t>::max() : sum;
}

std::uint64_t ordered_key(std::int64_t value) { return static_cast<std::uint64_t>(value) ^ kSign; }
std::uint64_t ordered_key(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value + 0.0);
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}
template <>
std::int64_t value_of_key<std::int64_t>(std::uint64_t key) {
  return static_cast<std::int64_t>(key ^ kSign);
}
template <>
double value_of_key<double>(std::uint64_t key) {
  return std::bit_cast<double>((key & kSign) != 0 ? key ^ kSign : ~key);
}

std::size_t WeightedValues::slot_of(std::uint64_t key) const {
  const std::uint64_t prefix = key >> dropped_bits_;
  std::size_t at = home(key);
  while (slots_[at].weight != 0 && slots_[at].low >> dropped_bits_ != prefix) at = (at + 1) & (slots_.size() - 1);
  return at;
}

void WeightedValues::add(const Entry& entry) {
  if (4 * (used_ + 1) > 3 * slots_.size()) rebuild(std::max<std::size_t>(8, 2 * slots_.size()), dropped_bits_);
  Entry& held = slots_[slot_of(entry.low)];
  if (held.weight != 0) {
    held.low = std::min(held.low, entry.low);
    held.high = std::max(held.high, entry.high);
    held.weight = sum_of_weights(held.weight, entry.weight);
    return;
  }
  held = entry;
  if (++used_ / 2 >= entries_max_) shrink();
}

void WeightedValues::rebuild(std::size_t slots, int dropped_bits) {
  const std::vector<Entry> old = std::move(slots_);
  slots_.assign(slots, {});
  dropped_bits_ = dropped_bits;
  used_ = 0;
  for (const Entry& entry : old) {
    if (entry.weight != 0) add(entry);
  }
}

/// The low bits to drop so that the sorted entries suffice, as few as possible.
int WeightedValues::bits_to_drop(std::span<const Entry> sorted) const {
  std::array<std::size_t, 65> parted_at{};  // how many neighbours differ first in that bit, counted from 1
  for (std::size_t at = 1; at < sorted.size(); ++at) {
    ++parted_at[static_cast<std::size_t>(std::bit_width(sorted[at - 1].low ^ sorted[at].low))];
  }
  int dropped = dropped_bits_;
  std::size_t left = sorted.size();
  while (left > entries_max_) left -= parted_at[static_cast<std::size_t>(++dropped)];
  return dropped;
}

void WeightedValues::shrink() {
  std::vector<Entry> all = entries();
  std::ranges::sort(all, {}, &Entry::low);
  rebuild(slots_.size(), bits_to_drop(all));
}

void WeightedValues::merge(const WeightedValues& other) {
  // Entries come in the order of their slots, which would pile up at the start of a smaller table.
  const std::size_t slots = std::max(slots_.size(), other.slots_.size());
  const int dropped = std::max(dropped_bits_, other.dropped_bits_);
  if (slots > slots_.size() || dropped > dropped_bits_) rebuild(slots, dropped);
  for (const Entry& entry : other.slots_) {
    if (entry.weight != 0) add(entry);
  }
}

void WeightedValues::merge(WeightedValues&& other) {
  if (empty() && entries_max_ == other.entries_max_)
    std::swap(*this, other);
  else
    merge(std::as_const(other));
}

std::vector<WeightedValues::Entry> WeightedValues::entries() const {
  std::vector<Entry> made;
  made.reserve(used_);
  for (const Entry& entry : slots_) {
    if (entry.weight != 0) made.push_back(entry);
  }
  return made;
}

std::vector<WeightedValues::Entry> WeightedValues::sorted() const {
  std::vector<Entry> all = entries();
  std::ranges::sort(all, {}, &Entry::low);
  if (all.size() <= entries_max_) return all;
  const int dropped = bits_to_drop(all);
  std::vector<Entry> made;
  for (const Entry& entry : all) {
    if (made.empty() || made.back().low >> dropped != entry.low >> dropped) {
      made.push_back(entry);
      continue;
    }
    made.back().high = entry.high;
    made.back().weight = sum_of_weights(made.back().weight, entry.weight);
  }
  return made;
}

}  // namespace wardian::kernels
