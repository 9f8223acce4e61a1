#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "wardian/kernels/aggregate_table.h"
#include "wardian/kernels/weighted_values.h"

namespace wardian::kernels {
namespace {

template <class Value>
constexpr ValueType value_type_of() {
  return std::is_same_v<Value, double> ? ValueType::real : ValueType::int64;
}

/// The key of the least entry at or below which that share of the weight lies: by halves, so that not all need be sorted.
std::uint64_t key_at(std::span<WeightedValues::Entry> entries, double percentage) {
  const auto weight_of = [](std::span<const WeightedValues::Entry> some) {
    double sum = 0;
    for (const auto& entry : some) sum += static_cast<double>(entry.weight);
    return sum;
  };
  double wanted = weight_of(entries) * percentage / 100;
  while (entries.size() > 1) {
    const std::size_t half = entries.size() / 2;
    std::ranges::nth_element(entries, entries.begin() + static_cast<std::ptrdiff_t>(half), {}, &WeightedValues::Entry::low);
    const double below = weight_of(entries.first(half));
    if (below >= wanted) {
      entries = entries.first(half);
    } else {
      wanted -= below;
      entries = entries.subspan(half);
    }
  }
  return entries.front().low;
}

/// (value, weight, percentage): the least value below or at which that share of the weight lies. Rows with a null or a
/// weight that is not above zero are left out, and so is NaN. One entry a distinct value.
template <class Value>
struct WeightedPercentile {
  static constexpr std::array kArguments = {value_type_of<Value>(), ValueType::int64, ValueType::real};
  static constexpr ValueType kResult = value_type_of<Value>();
  static constexpr bool kMovesAsBytes = true;

  static void update_rows(void* const* states, std::span<const Column> arguments, std::size_t rows) {
    constexpr std::size_t kBlock = 64;  // rows that ask for their memory before any touches it
    std::array<std::uint64_t, kBlock> keys{};
    for (std::size_t begin = 0; begin < rows; begin += kBlock) {
      const std::size_t end = std::min(rows, begin + kBlock);
      for (std::size_t row = begin; row < end; ++row) {
        keys[row - begin] = ordered_key(value_at<Value>(arguments[0], row));
        static_cast<const WeightedPercentile*>(states[row])->values.prefetch(keys[row - begin]);
      }
      for (std::size_t row = begin; row < end; ++row) {
        if (!arguments[0].is_valid(row) || !arguments[1].is_valid(row)) continue;
        const auto value = value_at<Value>(arguments[0], row);
        const auto weight = value_at<std::int64_t>(arguments[1], row);
        if (weight <= 0 || value != value) continue;
        auto& state = *static_cast<WeightedPercentile*>(states[row]);
        state.values.add(keys[row - begin], weight);
        state.percentage = value_at<double>(arguments[2], row);
      }
    }
  }
  void combine(WeightedPercentile&& other) {
    if (!other.values.empty()) percentage = other.percentage;
    values.merge(std::move(other.values));
  }
  void finalize(ResultColumn& result, std::size_t row) const {
    std::vector<WeightedValues::Entry> entries = values.entries();
    if (entries.empty()) return result.set_null(row);
    store(result, row, value_of_key<Value>(key_at(entries, percentage)));
  }

  WeightedValues values;
  double percentage = 0;
};

/// The same of texts, in the order of their bytes.
struct WeightedTextPercentile {
  static constexpr std::array kArguments = {ValueType::text, ValueType::int64, ValueType::real};
  static constexpr ValueType kResult = ValueType::text;

  void update(std::span<const Column> arguments, std::size_t row) {
    if (!arguments[0].is_valid(row) || !arguments[1].is_valid(row)) return;
    const auto weight = value_at<std::int64_t>(arguments[1], row);
    if (weight <= 0) return;
    const auto value = value_at<std::string_view>(arguments[0], row);
    const auto at = weights.lower_bound(value);
    if (at != weights.end() && at->first == value)
      at->second += static_cast<double>(weight);
    else
      weights.emplace_hint(at, value, static_cast<double>(weight));
    percentage = value_at<double>(arguments[2], row);
  }
  void combine(const WeightedTextPercentile& other) {
    for (const auto& [value, weight] : other.weights) weights[value] += weight;
    if (!other.weights.empty()) percentage = other.percentage;
  }
  void finalize(ResultColumn& result, std::size_t row) const {
    if (weights.empty()) return result.set_null(row);
    double total = 0, reached = 0;
    for (const auto& [value, weight] : weights) total += weight;
    for (const auto& [value, weight] : weights) {
      reached += weight;
      if (reached >= total * percentage / 100) return result.set_text(row, value);
    }
    result.set_text(row, weights.rbegin()->first);
  }

  std::map<std::string, double, std::less<>> weights;
  double percentage = 0;
};

constexpr AggregateKernel kAggregates[] = {
    aggregate<WeightedPercentile<std::int64_t>>("wardian_percentilew_long"),
    aggregate<WeightedPercentile<double>>("wardian_percentilew_real"),
    aggregate<WeightedTextPercentile>("wardian_percentilew_text"),
};

}  // namespace

std::span<const AggregateKernel> percentile_aggregates() { return kAggregates; }

}  // namespace wardian::kernels
