#include <cmath>
#include <numeric>

#include "wardian/kernels/json_text.h"
#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"
#include "wardian/kernels/number_text.h"
#include "wardian/kernels/result_pack.h"
#include "wardian/kernels/series.h"
#include "wardian/kernels/series_fit.h"

// Regression. A series with gaps, NaN or infinities, and one that is too short, gives null.
namespace wardian::kernels {
namespace {

struct Fitting {
  Series y, x;
  std::vector<double> fitted, places;
  Polynomial polynomial;
};

bool read(Series& series, Text json, std::size_t least) {
  return read_series(json, series) && series.all_finite() && series.size() >= least;
}

Line line_through(Fitting& state) {
  const Line line = fit_line(state.y.reals);
  state.fitted.clear();
  for (std::size_t at = 0; at < state.y.size(); ++at) state.fitted.push_back(line.at(at));
  return line;
}

TwoLines two_lines_through(Fitting& state) {
  const TwoLines lines = fit_two_lines(state.y.reals);
  state.fitted.clear();
  for (std::size_t at = 0; at < state.y.size(); ++at) {
    state.fitted.push_back(at < lines.split ? lines.left.at(at) : lines.right.at(at - lines.split));
  }
  return lines;
}

/// Writes a bag of reals and of what it is given as text.
class Bag {
 public:
  explicit Bag(std::string& out) : bag_(out) {}
  void add(std::string_view name, double value) {
    text_.clear();
    append_json_real(text_, value);
    bag_.add(name, text_);
  }
  void add(std::string_view name, std::string_view json) { bag_.add(name, json); }
  void add(std::string_view name, std::span<const double> values) {
    text_.clear();
    append_reals(text_, values);
    bag_.add(name, text_);
  }
  void close() { bag_.close(); }

 private:
  JsonObjectWriter bag_;
  std::string text_;
};

bool one_line(Fitting& state, Text json, std::string& out) {
  if (!read(state.y, json, 1)) return false;
  const Line line = line_through(state);
  ResultPack pack(out);
  for (const double value : {line.r_square, line.slope, line.variance, line.residual_variance, line.intercept}) pack.add(value);
  pack.add_written([&](std::string& text) { append_reals(text, state.fitted); });
  return true;
}

bool one_line_bag(Fitting& state, Text json, std::string& out) {
  if (!read(state.y, json, 1)) return false;
  const Line line = line_through(state);
  Bag bag(out);
  bag.add("rsquare", line.r_square);
  bag.add("slope", line.slope);
  bag.add("variance", line.variance);
  bag.add("rvariance", line.residual_variance);
  bag.add("interception", line.intercept);
  bag.add("line_fit", std::span<const double>(state.fitted));
  bag.close();
  return true;
}

bool two_lines(Fitting& state, Text json, std::string& out) {
  if (!read(state.y, json, 2)) return false;
  const TwoLines lines = two_lines_through(state);
  ResultPack pack(out);
  pack.add(lines.r_square);
  pack.add(static_cast<std::int64_t>(lines.split));
  pack.add(lines.variance);
  pack.add(lines.residual_variance);
  pack.add_written([&](std::string& text) { append_reals(text, state.fitted); });
  for (const Line& line : {lines.right, lines.left}) {
    for (const double value : {line.r_square, line.slope, line.intercept, line.variance, line.residual_variance}) pack.add(value);
  }
  return true;
}

bool two_lines_bag(Fitting& state, Text json, std::string& out) {
  if (!read(state.y, json, 2)) return false;
  const TwoLines lines = two_lines_through(state);
  const auto part = [](const Line& line) {
    std::string text;
    Bag bag(text);
    bag.add("rsquare", line.r_square);
    bag.add("slope", line.slope);
    bag.add("interception", line.intercept);
    bag.add("variance", line.variance);
    bag.add("rvariance", line.residual_variance);
    bag.close();
    return text;
  };
  Bag bag(out);
  bag.add("rsquare", lines.r_square);
  bag.add("split_idx", std::to_string(lines.split));
  bag.add("variance", lines.variance);
  bag.add("rvariance", lines.residual_variance);
  bag.add("line_fit", std::span<const double>(state.fitted));
  bag.add("right", part(lines.right));
  bag.add("left", part(lines.left));
  bag.close();
  return true;
}

/// Beyond this degree the powers of x mean nothing in doubles, and the time grows with its square.
constexpr std::int64_t kDegreeMax = 64;
constexpr std::size_t kCellsMax = 1 << 25;  // of the matrix, 256 MiB

bool polynomial(Fitting& state, Text json, std::optional<Text> x, std::int64_t degree, std::string& out) {
  if (!read(state.y, json, 1) || degree < 0 || degree > kDegreeMax) return false;
  if (state.y.size() * static_cast<std::size_t>(degree + 1) > kCellsMax) return false;
  if (x) {
    if (!read(state.x, *x, 1) || state.x.size() != state.y.size()) return false;
    state.places = state.x.reals;
  } else {
    state.places.resize(state.y.size());
    std::iota(state.places.begin(), state.places.end(), 1.0);
  }
  Polynomial& made = state.polynomial;
  if (!fit_polynomial(state.places, state.y.reals, static_cast<std::size_t>(degree), made)) return false;
  ResultPack pack(out);
  pack.add(made.r_square);
  pack.add_written([&](std::string& text) { append_reals(text, made.coefficients); });
  pack.add(made.variance);
  pack.add(made.residual_variance);
  pack.add_written([&](std::string& text) { append_reals(text, made.fitted); });
  return true;
}

constexpr Kernel kKernels[] = {
    kernel<&two_lines>("wardian_series_fit_2lines"), kernel<&two_lines_bag>("wardian_series_fit_2lines_dynamic"),
    kernel<&one_line>("wardian_series_fit_line"),    kernel<&one_line_bag>("wardian_series_fit_line_dynamic"),
    kernel<&polynomial>("wardian_series_fit_poly"),
};

}  // namespace

std::span<const Kernel> series_fit_kernels() { return kKernels; }

}  // namespace wardian::kernels
