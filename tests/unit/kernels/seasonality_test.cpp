#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "wardian/kernels/seasonality.h"

namespace wardian::kernels {
namespace {

std::vector<double> waves(std::size_t size, std::initializer_list<std::pair<double, double>> periods, double noise,
                          double slope = 0) {
  std::mt19937_64 random(size);
  std::normal_distribution<double> normal(0, noise);
  std::vector<double> made(size);
  for (std::size_t at = 0; at < size; ++at) {
    const auto x = static_cast<double>(at);
    made[at] = slope * x + (noise > 0 ? normal(random) : 0);
    for (const auto& [length, height] : periods) made[at] += height * std::sin(2 * std::numbers::pi * x / length);
  }
  return made;
}

std::vector<std::size_t> lengths(std::span<const double> values, double threshold = 0.5) {
  Fourier fourier;
  Seasonality seasonality(fourier);
  seasonality.read(values);
  std::vector<std::size_t> made;
  for (const Period& period : seasonality.detect(0, 1e9)) {
    if (period.score >= threshold) made.push_back(period.length);
  }
  return made;
}

using Lengths = std::vector<std::size_t>;

TEST(Seasonality, FindsThePeriodsThatASeriesIsMadeOf) {
  EXPECT_EQ(lengths(waves(240, {{24, 1}}, 0.1)), Lengths{24});
  EXPECT_EQ(lengths(waves(1000, {{37, 1}}, 0.3)), Lengths{37});  // no divisor of the length
  EXPECT_EQ(lengths(waves(840, {{168, 3}}, 0.5, 0.01)), Lengths{168});
  EXPECT_EQ(lengths(waves(40, {{4, 1}}, 0)), Lengths{4});
  Lengths both = lengths(waves(1680, {{168, 2}, {24, 2}}, 0.1), 0.2);
  ASSERT_GE(both.size(), 1U);
  EXPECT_EQ(both[0], 168U);
}

TEST(Seasonality, FindsNoneWhereThereAreNone) {
  EXPECT_EQ(lengths(waves(1000, {}, 1)), Lengths{});             // noise
  EXPECT_EQ(lengths(waves(1000, {}, 0, 0.25)), Lengths{});       // a line
  EXPECT_EQ(lengths(std::vector<double>(500, 0.1)), Lengths{});  // a constant
  EXPECT_EQ(lengths(waves(60, {{3, 1}}, 0)), Lengths{});         // too short a period
  EXPECT_EQ(lengths({}), Lengths{});
  EXPECT_EQ(lengths(std::vector<double>{1, 2, 1, 2, 1, 2, 1}), Lengths{});
}

TEST(Seasonality, ScoresAPeriodThatIsGiven) {
  Fourier fourier;
  Seasonality seasonality(fourier);
  seasonality.read(waves(480, {{24, 1}}, 0.05));
  EXPECT_GT(seasonality.score(24), 0.95);
  EXPECT_GT(seasonality.score(48), 0.95);
  for (const double wrong : {0.0, 3.0, 12.0, 17.0, 241.0, -24.0, std::nan(""), 1e300})
    EXPECT_EQ(seasonality.score(wrong), 0) << wrong;
  seasonality.read(waves(480, {}, 0, 1));
  EXPECT_EQ(seasonality.score(24), 0);
}

TEST(Decompose, PartsAddUp) {
  Decomposition parts;
  const std::vector<double> values = waves(210, {{21, 5}}, 0.5, 0.1);
  for (const Trend trend : {Trend::none, Trend::average, Trend::line}) {
    for (const std::size_t period : {std::size_t{0}, std::size_t{1}, std::size_t{21}, std::size_t{1000}}) {
      for (const std::size_t learned : {std::size_t{1}, std::size_t{100}, std::size_t{210}}) {
        decompose(values, learned, period, trend, parts);
        ASSERT_EQ(parts.residual.size(), values.size());
        for (std::size_t at = 0; at < values.size(); ++at) {
          EXPECT_NEAR(parts.seasonal[at] + parts.trend[at], parts.baseline[at], 1e-12);
          EXPECT_NEAR(parts.baseline[at] + parts.residual[at], values[at], 1e-12);
        }
      }
    }
  }
}

TEST(Decompose, GoesOnAfterWhatItLearnedFrom) {
  std::vector<double> values;
  for (int at = 0; at < 70; ++at) values.push_back(at < 56 ? 3.0 * at + (at % 7 == 0 ? 10 : 0) : 0);
  Decomposition parts;
  decompose(values, 56, 7, Trend::line, parts);
  // The medians take some of the slope, but the sum follows both.
  for (int at = 56; at < 70; ++at)
    EXPECT_NEAR(parts.baseline[static_cast<std::size_t>(at)], 3.0 * at + (at % 7 == 0 ? 10 : 0), 11) << at;
}

}  // namespace
}  // namespace wardian::kernels
