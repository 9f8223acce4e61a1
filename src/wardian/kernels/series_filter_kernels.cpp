#include <algorithm>
#include <cmath>

#include "wardian/kernels/fourier.h"
#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"
#include "wardian/kernels/result_pack.h"
#include "wardian/kernels/series.h"

// Filters and Fourier transforms of series.
namespace wardian::kernels {
namespace {

struct Filtering {
  Series series, numerators, denominators;
  std::vector<double> filter, output;
  Fourier fourier;
};

/// More products than these are done by transforms.
constexpr std::size_t kDirectMax = 1 << 22;

/// As convolve(), by transforms. These would spread a NaN over everything, so what a gap reaches is set afterwards.
void convolve_long(Filtering& state, std::vector<double>& values, std::size_t size) {
  std::vector<std::size_t> gaps;
  for (std::size_t at = 0; at < values.size(); ++at) {
    if (std::isfinite(values[at])) continue;
    gaps.push_back(at);
    values[at] = 0;
  }
  state.fourier.convolution(values, state.filter, size, state.output);
  std::size_t set = 0;  // up to here all gaps have been heeded
  for (const std::size_t gap : gaps) {
    const std::size_t end = std::min(size, gap + state.filter.size());
    for (set = std::max(set, gap); set < end; ++set) state.output[set] = kNaN;
  }
}

/// output[i] = Σ filter[k]·values[i - k] for i below `size`, with zero before the first value and after the last.
void convolve(Filtering& state, std::vector<double>& values, std::size_t size) {
  const std::span<const double> filter = state.filter;
  if (values.size() * filter.size() > kDirectMax) return convolve_long(state, values, size);
  state.output.assign(size, 0);
  for (std::size_t at = 0; at < size; ++at) {
    const std::size_t newest = at < values.size() ? 0 : at - values.size() + 1;
    double total = 0;
    for (std::size_t k = newest; k < filter.size() && k <= at; ++k) total += filter[k] * values[at - k];
    state.output[at] = total;
  }
}

/// Null for a filter with gaps, for one with negative coefficients or none that is to be normalized.
bool finite_response(Filtering& state, Text json, Text filter, std::optional<bool> normalize, std::optional<bool> center,
                     std::string& out) {
  if (!read_series(json, state.series) || !read_series(filter, state.numerators) || !state.numerators.all_finite()) return false;
  state.filter = state.numerators.reals;
  if (state.filter.empty()) return false;
  const bool negative = std::ranges::any_of(state.filter, [](double coefficient) { return coefficient < 0; });
  if (normalize.value_or(!negative)) {
    double total = 0;
    for (const double coefficient : state.filter) total += coefficient;
    if (negative || !(total > 0)) return false;
    for (double& coefficient : state.filter) coefficient /= total;
  }
  const std::size_t size = state.series.size();
  // A centred filter looks as far ahead as back.
  const std::size_t ahead = center.value_or(false) ? (state.filter.size() - 1) / 2 : 0;
  convolve(state, state.series.reals, size + ahead);
  append_reals(out, std::span(state.output).subspan(ahead, size), state.series.missing > 0);
  return true;
}

/// Each step costs as much as there are denominators: a longer list than this gives null.
constexpr std::size_t kDenominatorsMax = 1024;

/// y[i] = (Σ b[k]·x[i - k] - Σ a[k]·y[i - k]) / a[0]. Null when a[0] is zero or a coefficient is missing.
bool infinite_response(Filtering& state, Text json, Text numerators, Text denominators, std::string& out) {
  if (!read_series(json, state.series) || !read_series(numerators, state.numerators) ||
      !read_series(denominators, state.denominators)) {
    return false;
  }
  if (!state.numerators.all_finite() || !state.denominators.all_finite()) return false;
  const std::vector<double>& divisors = state.denominators.reals;
  if (divisors.empty() || divisors.size() > kDenominatorsMax || divisors[0] == 0) return false;
  state.filter = state.numerators.reals;
  convolve(state, state.series.reals, state.series.size());
  for (std::size_t at = 0; at < state.output.size(); ++at) {
    double value = state.output[at];
    for (std::size_t k = 1; k < divisors.size() && k <= at; ++k) value -= divisors[k] * state.output[at - k];
    state.output[at] = value / divisors[0];
  }
  append_reals(out, state.output, state.series.missing > 0);
  return true;
}

struct Transforming {
  Series real, imaginary;
  std::vector<Complex> input, output;
  std::vector<double> part;
  Fourier fourier;
};

/// Both parts of the transform. Null when the parts of the input differ in length or have gaps.
template <bool inverse>
bool transform(Transforming& state, Text real, std::optional<Text> imaginary, std::string& out) {
  if (!read_series(real, state.real) || state.real.missing > 0) return false;
  state.input.assign(state.real.reals.begin(), state.real.reals.end());
  if (imaginary && *imaginary != "null") {
    if (!read_series(*imaginary, state.imaginary) || state.imaginary.missing > 0) return false;
    if (state.imaginary.size() != state.real.size()) return false;
    for (std::size_t at = 0; at < state.input.size(); ++at) state.input[at].imag(state.imaginary.reals[at]);
  }
  if constexpr (inverse)
    state.fourier.inverse(state.input, state.output);
  else
    state.fourier.forward(state.input, state.output);
  ResultPack pack(out);
  for (const bool of_imaginary : {false, true}) {
    state.part.clear();
    for (const Complex& value : state.output) state.part.push_back(of_imaginary ? value.imag() : value.real());
    pack.add_written([&](std::string& text) { append_reals(text, state.part); });
  }
  return true;
}

constexpr Kernel kKernels[] = {
    kernel<&transform<false>>("wardian_series_fft"),
    kernel<&finite_response>("wardian_series_fir"),
    kernel<&transform<true>>("wardian_series_ifft"),
    kernel<&infinite_response>("wardian_series_iir"),
};

}  // namespace

std::span<const Kernel> series_filter_kernels() { return kKernels; }

}  // namespace wardian::kernels
