#include <array>
#include <map>

#include "wardian/kernels/aggregate_table.h"

namespace wardian::kernels {
namespace {

template <class Value>
constexpr ValueType value_type_of() {
  return std::is_same_v<Value, double> ? ValueType::real : ValueType::int64;
}

/// (value, weight, percentage): the least value below or at which that share of the weight lies. Rows with a null or a
/// weight that is not above zero are left out. One entry a distinct value.
template <class Value>
struct WeightedPercentile {
  static constexpr std::array kArguments = {value_type_of<Value>(), ValueType::int64, ValueType::real};
  static constexpr ValueType kResult = value_type_of<Value>();

  void update(std::span<const Column> arguments, std::size_t row) {
    if (!arguments[0].is_valid(row) || !arguments[1].is_valid(row)) return;
    const auto weight = value_at<std::int64_t>(arguments[1], row);
    if (weight <= 0) return;
    weights[value_at<Value>(arguments[0], row)] += static_cast<double>(weight);
    percentage = value_at<double>(arguments[2], row);
  }
  void combine(const WeightedPercentile& other) {
    for (const auto& [value, weight] : other.weights) weights[value] += weight;
    if (!other.weights.empty()) percentage = other.percentage;
  }
  void finalize(ResultColumn& result, std::size_t row) const {
    if (weights.empty()) return result.set_null(row);
    double total = 0;
    for (const auto& [value, weight] : weights) total += weight;
    const double wanted = total * percentage / 100;
    double reached = 0;
    for (const auto& [value, weight] : weights) {
      reached += weight;
      if (reached >= wanted) return store(result, row, value);
    }
    store(result, row, weights.rbegin()->first);
  }

  std::map<Value, double> weights;
  double percentage = 0;
};

constexpr AggregateKernel kAggregates[] = {
    aggregate<WeightedPercentile<std::int64_t>>("wardian_percentilew_long"),
    aggregate<WeightedPercentile<double>>("wardian_percentilew_real"),
};

}  // namespace

std::span<const AggregateKernel> percentile_aggregates() { return kAggregates; }

}  // namespace wardian::kernels
