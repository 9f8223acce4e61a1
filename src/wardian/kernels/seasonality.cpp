#include "wardian/kernels/seasonality.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "wardian/kernels/series_fit.h"

namespace wardian::kernels {
namespace {

/// A share of the variance from which on a trend hides periods.
constexpr double kTrendShare = 0.15;

/// How far a frequency stands out: its power by the mean power.
constexpr double kPowerLeast = 3;

}  // namespace

void Seasonality::read(std::span<const double> values) {
  size_ = values.size();
  correlation_.clear();
  centred_.assign(values.begin(), values.end());
  if (size_ < 2 * kLeast) return;
  const Line line = fit_line(values);
  const bool has_trend = line.r_square > kTrendShare;
  double mean = 0;
  for (const double value : values) mean += value / static_cast<double>(size_);
  double most = 0;
  for (std::size_t at = 0; at < size_; ++at) {
    centred_[at] -= has_trend ? line.at(at) : mean;
    most = std::max(most, std::abs(centred_[at]));
  }
  // A constant or a line but for rounding has no periods. Scaled, squares stay within the range of doubles.
  const auto [low, high] = std::ranges::minmax(values);
  const double rounding = 64 * std::numeric_limits<double>::epsilon() * std::max(std::abs(low), std::abs(high));
  if (!(most > rounding) || !std::isfinite(most)) return;
  for (double& value : centred_) value /= most;
  const std::size_t lags = std::min(size_, size_ / 2 + size_ / 10 + 3);  // room for the neighbours of the longest
  fourier_.autocorrelation(centred_, lags, correlation_);
  const double whole = correlation_[0];
  for (std::size_t lag = 0; lag < lags; ++lag) {
    correlation_[lag] *= static_cast<double>(size_) / (static_cast<double>(size_ - lag) * whole);
  }
}

bool Seasonality::peaks(std::size_t lag) const {
  // A tenth to both sides: where the highest of these is at an end, there is a slope and no peak.
  const std::size_t reach = std::max<std::size_t>(1, lag / 10);
  double highest = correlation(lag);
  for (std::size_t other = lag - reach; other <= lag + reach; ++other) highest = std::max(highest, correlation(other));
  return highest > correlation(lag - reach) && highest > correlation(lag + reach);
}

double Seasonality::score_at(std::size_t lag) const {
  double made = correlation(lag);
  if (2 * lag <= size_ / 2) made = std::min(made, correlation(2 * lag));
  return std::clamp(made, 0.0, 1.0);
}

double Seasonality::score(double period) const {
  if (correlation_.empty() || !(period >= static_cast<double>(kLeast)) || period > static_cast<double>(size_) / 2) return 0;
  const auto lag = static_cast<std::size_t>(std::lround(period));
  return peaks(lag) ? score_at(lag) : 0;
}

std::vector<Period> Seasonality::detect(double least, double most) {
  std::vector<Period> found;
  if (correlation_.empty()) return found;
  const auto n = static_cast<double>(size_);
  least = std::max(least, static_cast<double>(kLeast));
  most = std::min(most, std::floor(n / 2));
  if (!(least <= most)) return found;

  input_.assign(centred_.begin(), centred_.end());
  fourier_.forward(input_, spectrum_);
  const std::size_t half = size_ / 2;
  double total = 0;
  for (std::size_t k = 1; k <= half; ++k) total += std::norm(spectrum_[k]);
  const double needed = kPowerLeast * total / static_cast<double>(half);
  std::vector<bool> taken(half + 1, false);
  for (std::size_t k = 2; k <= half; ++k) {
    if (std::norm(spectrum_[k]) < needed) continue;
    // The period lies between those of the neighbouring frequencies.
    const auto frequency = static_cast<double>(k);
    const auto first = static_cast<std::size_t>(std::ceil(std::max(least, n / (frequency + 1))));
    const auto last = static_cast<std::size_t>(std::floor(std::min(most, n / (frequency - 1))));
    std::size_t best = 0;
    for (std::size_t lag = first; lag <= last; ++lag) {
      const bool peak = correlation(lag) > correlation(lag - 1) && correlation(lag) >= correlation(lag + 1);
      if (peak && (best == 0 || correlation(lag) > correlation(best))) best = lag;
    }
    if (best == 0 || taken[best]) continue;
    taken[best] = true;
    const double score = score_at(best);
    if (score > 0) found.push_back({best, score});
  }
  std::ranges::stable_sort(found, [](const Period& a, const Period& b) { return a.score > b.score; });
  return found;
}

double percentile_of_sorted(std::span<const double> sorted, double percent) {
  const double place = percent / 100 * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  if (below + 1 >= sorted.size()) return sorted.back();
  return sorted[below] + (sorted[below + 1] - sorted[below]) * (place - static_cast<double>(below));
}

void seasonal_medians(std::span<const double> values, std::size_t learned, std::size_t period, std::vector<double>& seasonal) {
  seasonal.assign(values.size(), 0);
  if (period == 0) return;
  std::vector<double> phase;
  for (std::size_t first = 0; first < std::min(period, learned); ++first) {
    phase.clear();
    for (std::size_t at = first; at < learned; at += period) phase.push_back(values[at]);
    std::ranges::sort(phase);
    const double median = percentile_of_sorted(phase, 50);
    for (std::size_t at = first; at < values.size(); at += period) seasonal[at] = median;
  }
}

void decompose(std::span<const double> values, std::size_t learned, std::size_t period, Trend trend, Decomposition& made) {
  const std::size_t size = values.size();
  seasonal_medians(values, learned, period, made.seasonal);
  made.trend.assign(size, 0);
  if (trend != Trend::none && learned > 0) {
    std::vector<double> deseasonal(learned);
    for (std::size_t at = 0; at < learned; ++at) deseasonal[at] = values[at] - made.seasonal[at];
    if (trend == Trend::line) {
      const Line line = fit_line(deseasonal);
      for (std::size_t at = 0; at < size; ++at) made.trend[at] = line.at(at);
    } else {
      double total = 0;
      for (const double value : deseasonal) total += value;
      made.trend.assign(size, total / static_cast<double>(learned));
    }
  }
  double most = 0;
  for (const double value : values) most = std::max(most, std::abs(value));
  const double rounding = 16 * std::numeric_limits<double>::epsilon() * most;
  made.baseline.resize(size);
  made.residual.resize(size);
  for (std::size_t at = 0; at < size; ++at) {
    made.baseline[at] = made.seasonal[at] + made.trend[at];
    const double residual = values[at] - made.baseline[at];
    made.residual[at] = std::abs(residual) <= rounding ? 0 : residual;  // noise of rounding is no anomaly
  }
}

}  // namespace wardian::kernels
