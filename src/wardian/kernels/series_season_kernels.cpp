#include <algorithm>
#include <cmath>

#include "wardian/kernels/json_text.h"
#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"
#include "wardian/kernels/number_text.h"
#include "wardian/kernels/result_pack.h"
#include "wardian/kernels/seasonality.h"
#include "wardian/kernels/series.h"

// Periods, seasons, outliers. A series with gaps, NaN or infinities gives null, but to series_outliers().
namespace wardian::kernels {
namespace {

using Long = std::int64_t;

/// Tukey's fences for any two percentiles: one and a half units beyond them lie where they lie for the quartiles, if the
/// values are distributed normally. For the quartiles a unit is their distance.
class Fences {
 public:
  void set(double low, double high) {
    if (low == low_ && high == high_) return;
    low_ = low;
    high_ = high;
    const double z_low = normal_quantile(low / 100), z_high = normal_quantile(high / 100);
    const double fence = 4 * normal_quantile(0.75);  // a quartile and one and a half distances of both
    above_ = 1.5 * (z_high - z_low) / (fence - z_high);
    below_ = 1.5 * (z_high - z_low) / (fence + z_low);
  }
  /// How many units beyond the percentiles; 0 between them.
  double score(double value, double low, double high) const {
    if (value > high) return (value - high) / (high - low) * above_;
    if (value < low) return (value - low) / (high - low) * below_;
    return 0;
  }

 private:
  /// By bisection of the distribution function; called once for a pair of percentiles.
  static double normal_quantile(double share) {
    double low = -10, high = 10;
    for (int step = 0; step < 80; ++step) {
      const double middle = low + (high - low) / 2;
      (std::erfc(-middle / std::sqrt(2.0)) / 2 < share ? low : high) = middle;
    }
    return low;
  }

  double low_ = 0, high_ = 0, above_ = 1, below_ = 1;
};

struct Seasons {
  Series series, periods;
  Fourier fourier;
  Seasonality seasonality{fourier};
  Decomposition parts;
  std::vector<double> scores, sorted;
  Fences fences;
};

bool read(Series& series, Text json) { return read_series(json, series) && series.all_finite(); }

/// More periods than these are not listed.
constexpr Long kPeriodsMax = 4096;

bool periods_detect(Seasons& state, Text json, double least, double most, Long count, std::string& out) {
  if (!read(state.series, json) || count < 0) return false;
  state.seasonality.read(state.series.reals);
  std::vector<Period> found = state.seasonality.detect(least, most);
  found.resize(static_cast<std::size_t>(std::min(count, kPeriodsMax)));  // cut, or filled with zeros
  std::vector<double> lengths, scores;
  for (const Period& period : found) {
    lengths.push_back(static_cast<double>(period.length));
    scores.push_back(period.score);
  }
  ResultPack pack(out);
  pack.add_written([&](std::string& text) { append_reals(text, lengths); });
  pack.add_written([&](std::string& text) { append_reals(text, scores); });
  return true;
}

/// `periods` is an array; null stands for none.
bool periods_validate(Seasons& state, Text json, Text periods, std::string& out) {
  if (!read(state.series, json) || !read_series(periods, state.periods)) return false;
  state.seasonality.read(state.series.reals);
  std::vector<double> lengths, scores;
  for (std::size_t at = 0; at < state.periods.size(); ++at) {
    if (state.periods.kinds[at] == ElementKind::none) continue;
    lengths.push_back(state.periods.reals[at]);
    scores.push_back(state.seasonality.score(lengths.back()));
  }
  ResultPack pack(out);
  pack.add_written([&](std::string& text) { append_reals(text, lengths); });
  pack.add_written([&](std::string& text) { append_reals(text, scores); });
  return true;
}

/// The period of the first elements: as it is given, found (-1) where its score reaches the threshold, or none: 0.
std::size_t period_of(Seasons& state, std::size_t learned, Long given, double threshold) {
  if (given > 0) return static_cast<std::size_t>(given);
  if (given != -1) return 0;
  state.seasonality.read(std::span(state.series.reals).first(learned));
  const std::vector<Period> found = state.seasonality.detect(0, std::numeric_limits<double>::infinity());
  return found.empty() || found.front().score < threshold ? 0 : found.front().length;
}

/// How many elements are left to learn from; nullopt when none are.
std::optional<std::size_t> learned_of(const Series& series, Long tested) {
  const auto size = static_cast<Long>(series.size());
  if (tested < 0 || (tested >= size && size > 0)) return std::nullopt;
  return static_cast<std::size_t>(size == 0 ? 0 : size - tested);
}

constexpr double kSeasonalThreshold = 0.7;

bool seasonal(Seasons& state, Text json, Long period, Long tested, std::string& out) {
  if (!read(state.series, json)) return false;
  const auto learned = learned_of(state.series, tested);
  if (!learned) return false;
  const std::size_t length = period_of(state, *learned, period, kSeasonalThreshold);
  seasonal_medians(state.series.reals, *learned, length, state.scores);
  append_reals(out, state.scores);
  return true;
}

std::optional<Trend> trend_named(Text name) {
  if (name == "avg") return Trend::average;
  if (name == "linefit") return Trend::line;
  if (name == "none") return Trend::none;
  return std::nullopt;
}

struct DecomposeOptions {
  Long period = -1;
  Text trend;
  Long tested = 0;
  double threshold = 0.6;
};

bool decompose_into_parts(Seasons& state, Text json, const DecomposeOptions& options) {
  const auto trend = trend_named(options.trend);
  if (!trend || !read(state.series, json)) return false;
  const auto learned = learned_of(state.series, options.tested);
  if (!learned) return false;
  const std::size_t length = period_of(state, *learned, options.period, options.threshold);
  decompose(state.series.reals, *learned, length, *trend, state.parts);
  return true;
}

bool decomposed(Seasons& state, Text json, Long period, Text trend, Long tested, double threshold, std::string& out) {
  if (!decompose_into_parts(state, json, {period, trend, tested, threshold})) return false;
  ResultPack pack(out);
  for (const auto* part : {&state.parts.baseline, &state.parts.seasonal, &state.parts.trend, &state.parts.residual}) {
    pack.add_written([&](std::string& text) { append_reals(text, *part); });
  }
  return true;
}

/// The percentiles that a test takes as fences; false for an unknown test or impossible percentiles.
bool fences_of(Text kind, double& low, double& high) {
  if (kind == "tukey") {
    low = 25;
    high = 75;
    return true;
  }
  constexpr double kLeast = 2, kMost = 98;
  return kind == "ctukey" && low >= kLeast && high <= kMost && low < high;
}

/// Scores into state.scores. NaN among the values is passed over and scores 0.
void score_outliers(Seasons& state, std::span<const double> values, std::size_t learned, double low, double high) {
  state.sorted.clear();
  for (const double value : values.first(learned)) {
    if (!std::isnan(value)) state.sorted.push_back(value);
  }
  std::ranges::sort(state.sorted);
  state.scores.assign(values.size(), 0);
  if (state.sorted.empty()) return;
  state.fences.set(low, high);
  const double low_percentile = percentile_of_sorted(state.sorted, low);
  const double high_percentile = percentile_of_sorted(state.sorted, high);
  for (std::size_t at = 0; at < values.size(); ++at) {
    if (!std::isnan(values[at])) state.scores[at] = state.fences.score(values[at], low_percentile, high_percentile);
  }
}

bool outliers(Seasons& state, Text json, Text kind, std::optional<double> ignored, double low, double high, Long tested,
              std::string& out) {
  if (!read_series(json, state.series) || !fences_of(kind, low, high)) return false;
  const auto learned = learned_of(state.series, tested);
  if (!learned) return false;
  if (ignored) std::ranges::replace(state.series.reals, *ignored, kNaN);
  score_outliers(state, state.series.reals, *learned, low, high);
  append_reals(out, state.scores);
  return true;
}

constexpr double kLowPercentile = 10, kHighPercentile = 90;

bool anomalies(Seasons& state, Text json, double threshold, Long period, Text trend, Long tested, Text kind,
               double seasonality_threshold, std::string& out) {
  double low = kLowPercentile, high = kHighPercentile;
  if (!fences_of(kind, low, high)) return false;
  if (!decompose_into_parts(state, json, {period, trend, tested, seasonality_threshold})) return false;
  score_outliers(state, state.parts.residual, *learned_of(state.series, tested), low, high);
  ResultPack pack(out);
  pack.add_written([&](std::string& text) {
    JsonArrayWriter flags(text);
    for (const double score : state.scores) flags.add(score > threshold ? "1" : score < -threshold ? "-1" : "0");
    flags.close();
  });
  pack.add_written([&](std::string& text) { append_reals(text, state.scores); });
  pack.add_written([&](std::string& text) { append_reals(text, state.parts.baseline); });
  return true;
}

constexpr Kernel kKernels[] = {
    kernel<&decomposed>("wardian_series_decompose"),
    kernel<&anomalies>("wardian_series_decompose_anomalies"),
    kernel<&outliers>("wardian_series_outliers"),
    kernel<&periods_detect>("wardian_series_periods_detect"),
    kernel<&periods_validate>("wardian_series_periods_validate"),
    kernel<&seasonal>("wardian_series_seasonal"),
};

}  // namespace

std::span<const Kernel> series_season_kernels() { return kKernels; }

}  // namespace wardian::kernels
