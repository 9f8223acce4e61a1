#pragma once

#include <complex>
#include <span>
#include <vector>

namespace wardian::kernels {

using Complex = std::complex<double>;

/// Discrete Fourier transforms of any length in n·log n: X[k] = Σ x[j]·exp(∓2πi·jk/n). Keeps the plan of the last length.
/// Source: kissfft for lengths of small prime factors; else Bluestein 1970, "A linear filtering approach to the
/// computation of the discrete Fourier transform".
class Fourier {
 public:
  Fourier();
  ~Fourier();
  Fourier(const Fourier&) = delete;
  Fourier& operator=(const Fourier&) = delete;

  void forward(std::span<const Complex> input, std::vector<Complex>& output) { transform(input, output, false); }
  /// Divided by n, so that it undoes forward().
  void inverse(std::span<const Complex> input, std::vector<Complex>& output);

  /// Σ x[j]·x[j + lag] for lags 0 … lags - 1.
  void autocorrelation(std::span<const double> values, std::size_t lags, std::vector<double>& output);

  /// The first `size` elements of the convolution of both.
  void convolution(std::span<const double> values, std::span<const double> filter, std::size_t size, std::vector<double>& output);

 private:
  void transform(std::span<const Complex> input, std::vector<Complex>& output, bool inverse);
  struct Plans;
  Plans* plans_;
};

}  // namespace wardian::kernels
