#pragma once

#include <cstddef>
#include <span>
#include <vector>

/// Lines and polynomials of least squares through series.
namespace wardian::kernels {

/// y = slope·x + intercept over x = 1, 2, …, n. Variances are those of samples (n - 1). A series that does not vary has
/// r² = 1; the variances of a single point are 0.
struct Line {
  double slope = 0, intercept = 0, r_square = 0, variance = 0, residual_variance = 0;

  double at(std::size_t place) const { return slope * static_cast<double>(place + 1) + intercept; }
};
/// `values` has one element at least.
Line fit_line(std::span<const double> values);

/// Where the right part begins, which has a line of its own; each line counts x from 1. The split has the least sum of
/// squared residuals, the first of several. Linear time.
struct TwoLines {
  std::size_t split = 0;
  double r_square = 0, variance = 0, residual_variance = 0;
  Line left, right;
};
/// `values` has two elements at least.
TwoLines fit_two_lines(std::span<const double> values);

struct Polynomial {
  std::vector<double> coefficients;  // the highest power first
  std::vector<double> fitted;
  double r_square = 0, variance = 0, residual_variance = 0;
};
/// False when the points do not determine a polynomial of that degree. Source: Householder's QR of the Chebyshev
/// polynomials over x moved into [-1, 1] (Golub, Van Loan, "Matrix Computations", 5.3).
bool fit_polynomial(std::span<const double> x, std::span<const double> y, std::size_t degree, Polynomial& made);

}  // namespace wardian::kernels
