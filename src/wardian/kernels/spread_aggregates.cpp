#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "wardian/kernels/aggregate_table.h"

// Variances, deviations and covariances, in one pass. Rows with a null are left out. NaN where a value is not finite, or a
// square of one is not. Null of no value at all.
namespace wardian::kernels {
namespace {

enum class Spread : std::uint8_t { variance, variance_of_all, deviation, deviation_of_all };

/// The sum of the products of the distances from the means. Sources: Welford 1962, "Note on a method for calculating corrected
/// sums of squares and products", for a row; Chan, Golub, LeVeque 1982, "Updating formulae and a pairwise algorithm for computing
/// sample variances", for joining.
struct Moments {
  void add(double x, double y) {
    count += 1;
    const double from_mean = x - mean_x;
    mean_x += from_mean / count;
    mean_y += (y - mean_y) / count;
    products += from_mean * (y - mean_y);
  }
  void add(double x) {
    count += 1;
    const double from_mean = x - mean_x;
    mean_x += from_mean / count;
    mean_y = mean_x;
    products += from_mean * (x - mean_x);
  }
  void merge(const Moments& other) {
    if (other.count == 0) return;
    const double both = count + other.count, share = other.count / both;
    const double apart_x = other.mean_x - mean_x, apart_y = other.mean_y - mean_y;
    products += other.products + apart_x * apart_y * count * share;
    mean_x += apart_x * share;
    mean_y += apart_y * share;
    count = both;
  }
  /// 0 of one value.
  double spread(Spread wanted) const {
    const bool of_all = wanted == Spread::variance_of_all || wanted == Spread::deviation_of_all;
    const double variance =
        count == 1 && std::isfinite(mean_x) && std::isfinite(mean_y) ? 0 : products / (of_all ? count : count - 1);
    if (!std::isfinite(variance)) return std::numeric_limits<double>::quiet_NaN();
    return wanted == Spread::deviation || wanted == Spread::deviation_of_all ? std::sqrt(variance) : variance;
  }

  double count = 0, mean_x = 0, mean_y = 0, products = 0;
};

/// All of one chunk that belong to one group, in two passes: no division a row. Counted from the first value, so that values that
/// are all the same have exactly no spread.
Moments moments_of(const Column& column, std::size_t rows) {
  const auto* values = static_cast<const double*>(column.values);
  std::size_t first = 0;
  while (first < rows && !column.is_valid(first)) ++first;
  Moments made;
  if (first == rows) return made;
  const double origin = values[first];
  double sum = 0;
  for (std::size_t row = first; row < rows; ++row) {
    if (!column.is_valid(row)) continue;
    sum += values[row] - origin;
    made.count += 1;
  }
  made.mean_x = made.mean_y = origin + sum / made.count;
  double rest = 0;  // 0 if the mean were exact
  for (std::size_t row = first; row < rows; ++row) {
    if (!column.is_valid(row)) continue;
    const double from_mean = values[row] - made.mean_x;
    rest += from_mean;
    made.products += from_mean * from_mean;
  }
  made.products -= rest * rest / made.count;
  if (made.products < 0) made.products = 0;  // a NaN stays
  return made;
}

/// (value)
template <Spread wanted>
struct SpreadOf {
  static constexpr std::array kArguments = {ValueType::real};
  static constexpr ValueType kResult = ValueType::real;
  static constexpr bool kMovesAsBytes = true;

  static void update_rows(void* const* states, std::span<const Column> arguments, std::size_t rows) {
    constexpr std::size_t kWorthTwoPasses = 8;
    if (rows >= kWorthTwoPasses && std::all_of(states, states + rows, [&](const void* state) { return state == states[0]; })) {
      static_cast<SpreadOf*>(states[0])->moments.merge(moments_of(arguments[0], rows));
      return;
    }
    for (std::size_t row = 0; row < rows; ++row) {
      if (arguments[0].is_valid(row)) static_cast<SpreadOf*>(states[row])->moments.add(value_at<double>(arguments[0], row));
    }
  }
  void combine(const SpreadOf& other) { moments.merge(other.moments); }
  void finalize(ResultColumn& result, std::size_t row) const {
    if (moments.count == 0) return result.set_null(row);
    store(result, row, moments.spread(wanted));
  }

  Moments moments;
};

/// (x, y)
template <Spread wanted>
struct JointSpread {
  static constexpr std::array kArguments = {ValueType::real, ValueType::real};
  static constexpr ValueType kResult = ValueType::real;
  static constexpr bool kMovesAsBytes = true;

  void update(std::span<const Column> arguments, std::size_t row) {
    if (!arguments[0].is_valid(row) || !arguments[1].is_valid(row)) return;
    moments.add(value_at<double>(arguments[0], row), value_at<double>(arguments[1], row));
  }
  void combine(const JointSpread& other) { moments.merge(other.moments); }
  void finalize(ResultColumn& result, std::size_t row) const {
    if (moments.count == 0) return result.set_null(row);
    store(result, row, moments.spread(wanted));
  }

  Moments moments;
};

constexpr AggregateKernel kAggregates[] = {
    aggregate<JointSpread<Spread::variance>>("wardian_covariance"),
    aggregate<JointSpread<Spread::variance_of_all>>("wardian_covariancep"),
    aggregate<SpreadOf<Spread::deviation>>("wardian_stdev"),
    aggregate<SpreadOf<Spread::deviation_of_all>>("wardian_stdevp"),
    aggregate<SpreadOf<Spread::variance>>("wardian_variance"),
    aggregate<SpreadOf<Spread::variance_of_all>>("wardian_variancep"),
};

}  // namespace

std::span<const AggregateKernel> spread_aggregates() { return kAggregates; }

}  // namespace wardian::kernels
