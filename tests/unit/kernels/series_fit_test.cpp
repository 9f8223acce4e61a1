#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "wardian/kernels/series_fit.h"

namespace wardian::kernels {
namespace {

TEST(FitTwoLines, TakesTheSplitOfLeastResidualsOfAll) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> noise;
  for (int round = 0; round < 50; ++round) {
    std::vector<double> values(20 + static_cast<std::size_t>(round));
    for (std::size_t at = 0; at < values.size(); ++at)
      values[at] = noise(random) + (at > 9 ? 4.0 - 0.3 * static_cast<double>(at) : 1.0);
    const auto residual = [&](std::size_t split) {
      const std::span<const double> all = values;
      const auto sum = [](const Line& line, std::size_t count) {
        return line.residual_variance * static_cast<double>(count - 1);
      };
      return sum(fit_line(all.first(split)), split) + sum(fit_line(all.subspan(split)), values.size() - split);
    };
    std::size_t best = 1;
    for (std::size_t split = 2; split < values.size(); ++split) {
      if (residual(split) < residual(best)) best = split;
    }
    EXPECT_EQ(fit_two_lines(values).split, best) << round;
  }
}

TEST(FitTwoLines, FindsACornerWithoutNoise) {
  // Source: made of y = 2x up to 6 and of a line from there that falls.
  const std::vector<double> values{2, 4, 6, 8, 10, 12, 30, 27, 24, 21};
  const TwoLines found = fit_two_lines(values);
  EXPECT_EQ(found.split, 6U);
  EXPECT_NEAR(found.left.slope, 2, 1e-12);
  EXPECT_NEAR(found.right.slope, -3, 1e-12);
  EXPECT_NEAR(found.right.intercept, 33, 1e-12);
  EXPECT_NEAR(found.r_square, 1, 1e-12);
}

TEST(FitLine, SeriesThatDoNotVary) {
  const std::vector<double> one{5.5}, same(1000, 0.1);
  EXPECT_EQ(fit_line(one).slope, 0);
  EXPECT_EQ(fit_line(one).intercept, 5.5);
  EXPECT_EQ(fit_line(one).r_square, 1);
  EXPECT_EQ(fit_line(one).variance, 0);
  EXPECT_NEAR(fit_line(same).slope, 0, 1e-15);
  EXPECT_EQ(fit_line(same).r_square, 1);
  EXPECT_EQ(fit_line(same).variance, 0);
}

TEST(FitPolynomial, RecoversCoefficients) {
  // Source: the polynomial that the points are made of.
  const std::vector<double> wanted{0.5, -2, 0, 3, 7};
  std::vector<double> x, y;
  for (int at = -20; at <= 20; ++at) {
    x.push_back(at * 0.25);
    double value = 0;
    for (const double coefficient : wanted) value = value * x.back() + coefficient;
    y.push_back(value);
  }
  Polynomial made;
  ASSERT_TRUE(fit_polynomial(x, y, 4, made));
  for (std::size_t at = 0; at < wanted.size(); ++at) EXPECT_NEAR(made.coefficients[at], wanted[at], 1e-11) << at;
  for (std::size_t at = 0; at < y.size(); ++at) EXPECT_NEAR(made.fitted[at], y[at], 1e-10) << at;
  EXPECT_NEAR(made.r_square, 1, 1e-14);
}

TEST(FitPolynomial, NeedsAsManyDifferentPlacesAsCoefficients) {
  Polynomial made;
  const std::vector<double> same(10, 3.0), y{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  EXPECT_FALSE(fit_polynomial(same, y, 1, made));
  EXPECT_TRUE(fit_polynomial(same, y, 0, made));
  EXPECT_NEAR(made.coefficients[0], 5.5, 1e-14);
  const std::vector<double> two{1, 2, 1, 2, 1, 2, 1, 2, 1, 2};
  EXPECT_TRUE(fit_polynomial(two, y, 1, made));
  EXPECT_FALSE(fit_polynomial(two, y, 2, made));
  EXPECT_FALSE(fit_polynomial(y, y, 10, made));
}

}  // namespace
}  // namespace wardian::kernels
