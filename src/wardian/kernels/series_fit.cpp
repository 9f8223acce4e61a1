#include "wardian/kernels/series_fit.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace wardian::kernels {
namespace {

double mean_of(std::span<const double> values) {
  long double total = 0;  // so that a long series of one value has that very mean
  for (const double value : values) total += value;
  return static_cast<double>(total / static_cast<long double>(values.size()));
}

/// None where only the rounding of the mean sets the values apart from it.
double squares_about(std::span<const double> values, double mean) {
  double total = 0;
  for (const double value : values) total += (value - mean) * (value - mean);
  const double rounding = 4 * std::numeric_limits<double>::epsilon() * mean;
  return total > static_cast<double>(values.size()) * rounding * rounding ? total : 0;
}

/// What the residuals leave of the variation. Rounding alone gives no residuals.
double r_square_of(double residual_squares, double squares) {
  return squares > 0 ? std::clamp(1 - residual_squares / squares, 0.0, 1.0) : 1;
}

double sample_variance(double squares, std::size_t count) { return count > 1 ? squares / static_cast<double>(count - 1) : 0; }

/// The sums of squares of every beginning of a series about its own line, one element after the other.
/// Source: the updating formulas of Chan, Golub, LeVeque 1983 for x and y.
class RunningLine {
 public:
  void add(double y) {
    ++count_;
    const auto n = static_cast<double>(count_);
    const double dx = n - x_mean_, dy = y - y_mean_;
    x_mean_ += dx / n;
    y_mean_ += dy / n;
    xx_ += dx * (n - x_mean_);
    xy_ += dx * (y - y_mean_);
    yy_ += dy * (y - y_mean_);
  }
  double residual_squares() const { return count_ < 3 ? 0 : std::max(0.0, yy_ - xy_ * xy_ / xx_); }

 private:
  std::size_t count_ = 0;
  double x_mean_ = 0, y_mean_ = 0, xx_ = 0, xy_ = 0, yy_ = 0;
};

}  // namespace

Line fit_line(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  const double x_mean = (n + 1) / 2, y_mean = mean_of(values);
  const double xx = n * (n * n - 1) / 12;
  double xy = 0;
  for (std::size_t at = 0; at < values.size(); ++at) xy += (static_cast<double>(at + 1) - x_mean) * (values[at] - y_mean);
  Line made;
  if (xx > 0) made.slope = xy / xx;
  made.intercept = y_mean - made.slope * x_mean;
  double residual_squares = 0;
  for (std::size_t at = 0; at < values.size(); ++at) {
    const double residual = values[at] - made.at(at);
    residual_squares += residual * residual;
  }
  const double squares = squares_about(values, y_mean);
  made.r_square = r_square_of(residual_squares, squares);
  made.variance = sample_variance(squares, values.size());
  made.residual_variance = sample_variance(residual_squares, values.size());
  return made;
}

TwoLines fit_two_lines(std::span<const double> values) {
  const std::size_t size = values.size();
  // Residuals of the part before each place; then those of the part from there on, from the end. Mirrored in x a line
  // stays a line.
  std::vector<double> before(size);
  RunningLine left;
  for (std::size_t at = 0; at + 1 < size; ++at) {
    left.add(values[at]);
    before[at + 1] = left.residual_squares();
  }
  const double squares = squares_about(values, mean_of(values));
  const double equal = 1e-13 * squares;  // less is rounding, and the earlier split is taken
  RunningLine right;
  std::size_t split = 1;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t at = size; at-- > 1;) {
    right.add(values[at]);
    const double total = before[at] + right.residual_squares();
    if (total <= least + equal) {
      least = std::min(least, total);
      split = at;
    }
  }
  TwoLines made;
  made.split = split;
  made.left = fit_line(values.first(split));
  made.right = fit_line(values.subspan(split));
  double residual_squares = 0;
  for (std::size_t at = 0; at < size; ++at) {
    const double residual = values[at] - (at < split ? made.left.at(at) : made.right.at(at - split));
    residual_squares += residual * residual;
  }
  made.r_square = r_square_of(residual_squares, squares);
  made.variance = sample_variance(squares, size);
  made.residual_variance = sample_variance(residual_squares, size);
  return made;
}

bool fit_polynomial(std::span<const double> x, std::span<const double> y, std::size_t degree, Polynomial& made) {
  const std::size_t rows = x.size(), columns = degree + 1;
  if (rows < columns || y.size() != rows) return false;
  const auto [least, most] = std::ranges::minmax(x);
  const double centre = least + (most - least) / 2, half = (most - least) / 2;
  if (!(half > 0) && degree > 0) return false;
  const auto moved = [&](double value) { return half > 0 ? (value - centre) / half : 0; };

  // Column after column, so that the loops below run through memory in order; y is the last.
  std::vector<double> matrix(rows * columns);
  std::vector<double> right(y.begin(), y.end());
  for (std::size_t row = 0; row < rows; ++row) {
    const double t = moved(x[row]);
    double before = 0, here = 1;
    for (std::size_t column = 0; column < columns; ++column) {
      matrix[column * rows + row] = here;
      const double next = column == 0 ? t : 2 * t * here - before;
      before = here;
      here = next;
    }
  }
  std::vector<double> diagonal(columns);
  for (std::size_t column = 0; column < columns; ++column) {
    double* const v = &matrix[column * rows];
    double squares = 0;
    for (std::size_t row = column; row < rows; ++row) squares += v[row] * v[row];
    const double length = std::sqrt(squares);
    const double limit = 1e-13 * std::sqrt(static_cast<double>(rows));
    if (!(length > limit)) return false;  // fewer different x than coefficients
    diagonal[column] = v[column] > 0 ? -length : length;
    v[column] -= diagonal[column];
    const double scale = -diagonal[column] * v[column];  // half of |v|²
    const auto reflect = [&](double* target) {
      double dot = 0;
      for (std::size_t row = column; row < rows; ++row) dot += v[row] * target[row];
      for (std::size_t row = column; row < rows; ++row) target[row] -= dot / scale * v[row];
    };
    for (std::size_t later = column + 1; later < columns; ++later) reflect(&matrix[later * rows]);
    reflect(right.data());
  }
  std::vector<double> chebyshev(columns);
  for (std::size_t column = columns; column-- > 0;) {
    double value = right[column];
    for (std::size_t later = column + 1; later < columns; ++later) value -= matrix[later * rows + column] * chebyshev[later];
    chebyshev[column] = value / diagonal[column];
  }

  made.fitted.clear();
  for (const double value : x) {  // Clenshaw's recurrence
    const double t = moved(value);
    double here = 0, before = 0;
    for (std::size_t k = columns; k-- > 1;) before = std::exchange(here, chebyshev[k] + 2 * t * here - before);
    made.fitted.push_back(chebyshev[0] + t * here - before);
  }
  double residual_squares = 0;
  for (std::size_t row = 0; row < rows; ++row) residual_squares += (y[row] - made.fitted[row]) * (y[row] - made.fitted[row]);
  const double squares = squares_about(y, mean_of(y));
  made.r_square = r_square_of(residual_squares, squares);
  made.variance = sample_variance(squares, rows);
  made.residual_variance = sample_variance(residual_squares, rows);

  // Σ c[k]·T[k](t) as powers of x, where t = (x - centre) / half: Clenshaw's recurrence over polynomials.
  std::vector<double> here(columns, 0), before(columns, 0), next(columns, 0);
  const double slope = half > 0 ? 1 / half : 0, offset = half > 0 ? -centre / half : 0;
  const auto step = [&](double factor, double added) {  // next = added + factor·t·here - before
    for (std::size_t power = 0; power < columns; ++power) {
      next[power] = factor * (offset * here[power] + (power > 0 ? slope * here[power - 1] : 0)) - before[power];
    }
    next[0] += added;
    before.swap(here);
    here.swap(next);
  };
  for (std::size_t k = columns; k-- > 1;) step(2, chebyshev[k]);
  step(1, chebyshev[0]);
  made.coefficients.assign(here.rbegin(), here.rend());
  return true;
}

}  // namespace wardian::kernels
