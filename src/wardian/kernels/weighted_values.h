#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace wardian::kernels {

/// A value as an unsigned number of the same order.
std::uint64_t ordered_key(std::int64_t value);
std::uint64_t ordered_key(double value);  // not NaN; both zeros are one
template <class Value>
Value value_of_key(std::uint64_t key);
template <>
std::int64_t value_of_key<std::int64_t>(std::uint64_t key);
template <>
double value_of_key<double>(std::uint64_t key);

/// The sum of two weights, at most the greatest long.
std::int64_t sum_of_weights(std::int64_t a, std::int64_t b);

/// How much weight lies on which values. With a bound on the entries, neighbouring values share one where there are more:
/// those that begin with the same bits, so many that the entries suffice. What it holds depends on the values and weights
/// alone, neither on their order nor on how parts of them were merged.
class WeightedValues {
 public:
  struct Entry {
    std::uint64_t low = 0, high = 0;  // the least and the greatest key
    std::int64_t weight = 0;          // above 0; stays at the greatest long
  };

  explicit WeightedValues(std::size_t entries_max = std::numeric_limits<std::size_t>::max()) : entries_max_(entries_max) {}

  void add(std::uint64_t key, std::int64_t weight) { add(Entry{key, key, weight}); }
  /// Asks the processor for the memory that add() will touch.
  void prefetch(std::uint64_t key) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[home(key)], 1);
  }
  void merge(const WeightedValues& other);
  /// The other is empty after it.
  void merge(WeightedValues&& other);
  bool empty() const { return used_ == 0; }
  /// From the least to the greatest.
  std::vector<Entry> sorted() const;
  /// In no order; of what has no bound on its entries.
  std::vector<Entry> entries() const;

 private:
  void add(const Entry& entry);
  /// Where the search for a key's slot begins: the high bits of a product depend on all bits of the prefix.
  std::size_t home(std::uint64_t key) const {
    return ((key >> dropped_bits_) * 0x9E3779B97F4A7C15ULL) >> (64 - std::countr_zero(slots_.size()));
  }
  std::size_t slot_of(std::uint64_t key) const;
  void rebuild(std::size_t slots, int dropped_bits);
  void shrink();
  int bits_to_drop(std::span<const Entry> sorted) const;

  std::size_t entries_max_;  // of the result; twice as many are held, so that bits are dropped seldom
  std::size_t used_ = 0;
  int dropped_bits_ = 0;      // keys that differ in these low bits only share an entry
  std::vector<Entry> slots_;  // open addressing; a power of two; a weight of 0 marks a free one
};

}  // namespace wardian::kernels
