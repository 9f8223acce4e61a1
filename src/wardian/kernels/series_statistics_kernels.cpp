#include <algorithm>
#include <cmath>

#include "wardian/kernels/json_text.h"
#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"
#include "wardian/kernels/number_text.h"
#include "wardian/kernels/result_pack.h"
#include "wardian/kernels/series.h"

// One number, or a few, of whole series.
namespace wardian::kernels {
namespace {

struct Pair {
  Series left, right;
};

/// Of numbers alone: nulls are passed over, and anything else makes the result null.
template <class Add>
std::optional<double> folded(Series& series, Text json, double start, Add add) {
  if (!read_series(json, series) || series.foreign > 0) return std::nullopt;
  for (std::size_t at = 0; at < series.size(); ++at) {
    if (series.kinds[at] != ElementKind::none) start = add(start, series.reals[at]);
  }
  return start;
}
std::optional<double> sum(Series& series, Text json) {
  return folded(series, json, 0, [](double total, double x) { return total + x; });
}
std::optional<double> product(Series& series, Text json) {
  return folded(series, json, 1, [](double total, double x) { return total * x; });
}
std::optional<double> magnitude(Series& series, Text json) {
  const auto squares = folded(series, json, 0, [](double total, double x) { return total + x * x; });
  return squares ? std::optional(std::sqrt(*squares)) : std::nullopt;
}

/// Both as series of one length, the longer one cut; a number stands for a series of it. False without elements.
bool read_pair(Pair& pair, Text left, Text right) {
  const bool left_alone = is_number_or_null(left), right_alone = is_number_or_null(right);
  if (left_alone && right_alone) return false;
  if (!left_alone && !read_series(left, pair.left)) return false;
  if (!read_series_or_number(right, pair.left.size(), pair.right)) return false;
  if (left_alone) read_series_or_number(left, pair.right.size(), pair.left);
  return pair.left.size() > 0 && pair.right.size() > 0;
}

double dot(const Series& left, const Series& right) {
  double total = 0;
  const std::size_t size = std::min(left.size(), right.size());
  for (std::size_t at = 0; at < size; ++at) {
    if (left.kinds[at] != ElementKind::none && right.kinds[at] != ElementKind::none) total += left.reals[at] * right.reals[at];
  }
  return total;
}

std::optional<double> dot_product(Pair& pair, Text left, Text right) {
  return read_pair(pair, left, right) ? std::optional(dot(pair.left, pair.right)) : std::nullopt;
}

double magnitude_of(const Series& series, std::size_t size) {
  double total = 0;
  for (std::size_t at = 0; at < size; ++at) {
    if (series.kinds[at] != ElementKind::none) total += series.reals[at] * series.reals[at];
  }
  return std::sqrt(total);
}

std::optional<double> cosine_similarity(Pair& pair, Text left, Text right, std::optional<double> left_magnitude,
                                        std::optional<double> right_magnitude) {
  if (!read_pair(pair, left, right)) return std::nullopt;
  const std::size_t size = std::min(pair.left.size(), pair.right.size());
  const double a = left_magnitude ? *left_magnitude : magnitude_of(pair.left, size);
  const double b = right_magnitude ? *right_magnitude : magnitude_of(pair.right, size);
  return dot(pair.left, pair.right) / (a * b);
}

double mean_of(std::span<const double> values) {
  double total = 0;
  for (const double value : values) total += value;
  return total / static_cast<double>(values.size());
}

/// Null for series of different lengths or with gaps. NaN where one does not vary.
std::optional<double> pearson_correlation(Pair& pair, Text left, Text right) {
  if (!read_series(left, pair.left) || !read_series(right, pair.right)) return std::nullopt;
  if (pair.left.size() != pair.right.size() || pair.left.size() == 0) return std::nullopt;
  if (pair.left.missing > 0 || pair.right.missing > 0) return std::nullopt;
  const double left_mean = mean_of(pair.left.reals), right_mean = mean_of(pair.right.reals);
  double both = 0, left_squares = 0, right_squares = 0;
  for (std::size_t at = 0; at < pair.left.size(); ++at) {
    const double a = pair.left.reals[at] - left_mean, b = pair.right.reals[at] - right_mean;
    both += a * b;
    left_squares += a * a;
    right_squares += b * b;
  }
  double scale = std::sqrt(left_squares * right_squares);
  if (!std::isfinite(scale) || scale == 0) scale = std::sqrt(left_squares) * std::sqrt(right_squares);
  return std::clamp(both / scale, -1.0, 1.0);
}

struct Statistics {
  double min = 0, max = 0, average = 0, deviation = 0, variance = 0, sum = 0;
  std::int64_t min_place = 0, max_place = 0;
};

/// nullopt without numbers, or with a gap, NaN or infinity that is not to be passed over.
std::optional<Statistics> statistics_of(const Series& series, bool pass_over) {
  if (!pass_over && !series.all_finite()) return std::nullopt;
  Statistics made;
  std::size_t count = 0;
  for (std::size_t at = 0; at < series.size(); ++at) {
    const double value = series.reals[at];
    if (!std::isfinite(value)) continue;
    const auto place = static_cast<std::int64_t>(at);
    if (count == 0 || value < made.min) {
      made.min = value;
      made.min_place = place;
    }
    if (count == 0 || value > made.max) {
      made.max = value;
      made.max_place = place;
    }
    made.sum += value;
    ++count;
  }
  if (count == 0) return std::nullopt;
  made.average = made.sum / static_cast<double>(count);
  double squares = 0;
  for (const double value : series.reals) {
    if (std::isfinite(value)) squares += (value - made.average) * (value - made.average);
  }
  if (count > 1) made.variance = squares / static_cast<double>(count - 1);
  made.deviation = std::sqrt(made.variance);
  return made;
}

bool statistics(Series& series, Text json, std::optional<bool> pass_over, std::string& out) {
  if (!read_series(json, series)) return false;
  const auto found = statistics_of(series, pass_over.value_or(false));
  if (!found) return false;
  ResultPack pack(out);
  pack.add(found->min);
  pack.add(found->min_place);
  pack.add(found->max);
  pack.add(found->max_place);
  pack.add(found->average);
  pack.add(found->deviation);
  pack.add(found->variance);
  return true;
}

bool statistics_bag(Series& series, Text json, std::optional<bool> pass_over, std::string& out) {
  if (!read_series(json, series)) return false;
  const auto found = statistics_of(series, pass_over.value_or(false));
  if (!found) return false;
  JsonObjectWriter bag(out);
  std::string number;
  const auto add_real = [&](std::string_view name, double value) {
    number.clear();
    append_json_real(number, value);
    bag.add(name, number);
  };
  const auto add_long = [&](std::string_view name, std::int64_t value) { bag.add(name, std::to_string(value)); };
  add_real("min", found->min);
  add_long("min_idx", found->min_place);
  add_real("max", found->max);
  add_long("max_idx", found->max_place);
  add_real("avg", found->average);
  add_real("stdev", found->deviation);
  add_real("variance", found->variance);
  add_real("sum", found->sum);
  add_long("len", static_cast<std::int64_t>(series.size()));
  bag.close();
  return true;
}

constexpr Kernel kKernels[] = {
    kernel<&cosine_similarity>("wardian_series_cosine_similarity"),
    kernel<&dot_product>("wardian_series_dot_product"),
    kernel<&magnitude>("wardian_series_magnitude"),
    kernel<&pearson_correlation>("wardian_series_pearson_correlation"),
    kernel<&product>("wardian_series_product"),
    kernel<&statistics>("wardian_series_stats"),
    kernel<&statistics_bag>("wardian_series_stats_dynamic"),
    kernel<&sum>("wardian_series_sum"),
};

}  // namespace

std::span<const Kernel> series_statistics_kernels() { return kKernels; }

}  // namespace wardian::kernels
