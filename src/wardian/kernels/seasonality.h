#pragma once

#include <span>
#include <vector>

#include "wardian/kernels/fourier.h"

/// Periods of a series, and what a period explains of it.
namespace wardian::kernels {

struct Period {
  std::size_t length = 0;  // in elements
  double score = 0;        // 0 … 1
};

/// Finds periods of at least 4 elements and at most half the series. A candidate is a frequency that stands out of the
/// periodogram, moved to the highest peak of the autocorrelation nearby. Its score is the autocorrelation there or at the
/// double, whichever is lower: what repeats, repeats twice. A trend that explains more than 15 % of the variance is
/// taken out first. Source: the idea of Vlachos, Yu, Castelli 2005, "On Periodicity Detection and Structural Periodic
/// Similarity".
class Seasonality {
 public:
  /// `values` are finite.
  explicit Seasonality(Fourier& fourier) : fourier_(fourier) {}
  void read(std::span<const double> values);

  /// The periods within the bounds, the highest score first.
  std::vector<Period> detect(double least, double most);
  /// The score of a given period; 0 outside what can be found, and where the autocorrelation has no peak.
  double score(double period) const;

  static constexpr std::size_t kLeast = 4;

 private:
  double correlation(std::size_t lag) const { return lag < correlation_.size() ? correlation_[lag] : 0; }
  bool peaks(std::size_t lag) const;
  double score_at(std::size_t lag) const;

  Fourier& fourier_;
  std::size_t size_ = 0;
  std::vector<double> centred_, correlation_;
  std::vector<Complex> input_, spectrum_;
};

enum class Trend : std::uint8_t { none, average, line };

struct Decomposition {
  std::vector<double> baseline, seasonal, trend, residual;
};

/// Seasonal: the median of the elements of one phase; none when `period` is 0. Trend: of what is left. Both learn from the
/// first `learned` elements, and go on after them. Baseline: their sum; residual: what is left of the series.
void decompose(std::span<const double> values, std::size_t learned, std::size_t period, Trend trend, Decomposition& made);

/// The median of every phase, over the whole length; 0 where a phase has no learned element.
void seasonal_medians(std::span<const double> values, std::size_t learned, std::size_t period, std::vector<double>& seasonal);

/// The value below which that share of the sorted values lies, on the line between its neighbours.
double percentile_of_sorted(std::span<const double> sorted, double percent);

}  // namespace wardian::kernels
