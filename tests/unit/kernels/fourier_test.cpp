#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "wardian/kernels/fourier.h"

namespace wardian::kernels {
namespace {

std::vector<Complex> noise(std::size_t length) {
  std::mt19937_64 random(length);
  std::normal_distribution<double> normal;
  std::vector<Complex> made(length);
  for (Complex& value : made) value = {normal(random), normal(random)};
  return made;
}

/// By the definition, in long doubles.
std::vector<Complex> defined(const std::vector<Complex>& input) {
  const std::size_t n = input.size();
  std::vector<Complex> made(n);
  for (std::size_t k = 0; k < n; ++k) {
    std::complex<long double> total = 0;
    for (std::size_t j = 0; j < n; ++j) {
      const long double angle =
          -2 * std::numbers::pi_v<long double> * static_cast<long double>(j * k % n) / static_cast<long double>(n);
      total += std::complex<long double>(input[j]) * std::complex<long double>(std::cos(angle), std::sin(angle));
    }
    made[k] = Complex(total);
  }
  return made;
}

double greatest_difference(const std::vector<Complex>& a, const std::vector<Complex>& b) {
  double most = 0;
  for (std::size_t at = 0; at < a.size(); ++at) most = std::max(most, std::abs(a[at] - b[at]));
  return most;
}

TEST(Fourier, AgreesWithItsDefinition) {
  Fourier fourier;
  std::vector<Complex> output;
  // 1, powers, products of small primes, primes on both sides of where Bluestein begins, twice a large prime.
  for (const std::size_t length : {1, 2, 3, 4, 5, 7, 8, 12, 60, 61, 64, 67, 97, 100, 128, 211, 360, 422, 1009, 1024}) {
    const std::vector<Complex> input = noise(length);
    fourier.forward(input, output);
    const double size = std::sqrt(static_cast<double>(length));
    EXPECT_LT(greatest_difference(output, defined(input)), 1e-14 * size * size) << length;
  }
}

TEST(Fourier, InverseUndoesForward) {
  Fourier fourier;
  std::vector<Complex> there, back;
  for (const std::size_t length : {0, 1, 2, 96, 100'003, 131'072, 262'139}) {
    const std::vector<Complex> input = noise(length);
    fourier.forward(input, there);
    fourier.inverse(there, back);
    EXPECT_LT(greatest_difference(input, back), 1e-12) << length;
  }
}

TEST(Fourier, AutocorrelationIsTheSumOfProducts) {
  Fourier fourier;
  std::vector<double> values, found;
  for (const Complex& value : noise(500)) values.push_back(value.real());
  for (const std::size_t lags : {1, 7, 250, 500}) {
    fourier.autocorrelation(values, lags, found);
    ASSERT_EQ(found.size(), lags);
    for (std::size_t lag = 0; lag < lags; ++lag) {
      double expected = 0;
      for (std::size_t at = 0; at + lag < values.size(); ++at) expected += values[at] * values[at + lag];
      EXPECT_NEAR(found[lag], expected, 1e-10) << lag;
    }
  }
}

TEST(Fourier, ConvolutionOfValuesOfVeryDifferentSize) {
  Fourier fourier;
  std::vector<double> values, filter, found;
  for (const Complex& value : noise(300)) values.push_back(value.real() * 1e9);
  for (const Complex& value : noise(40)) filter.push_back(value.real() * 1e-9);
  fourier.convolution(values, filter, 320, found);
  for (std::size_t at = 0; at < found.size(); ++at) {
    double expected = 0;
    for (std::size_t k = 0; k < filter.size() && k <= at; ++k)
      expected += at - k < values.size() ? filter[k] * values[at - k] : 0;
    EXPECT_NEAR(found[at], expected, 1e-12) << at;
  }
}

}  // namespace
}  // namespace wardian::kernels
