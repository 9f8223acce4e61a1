#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "wardian/kernels/aggregate_table.h"

namespace wardian::kernels {
namespace {

class RealResult final : public ResultColumn {
 public:
  RealResult() : ResultColumn(&value) {}
  void set_null(std::size_t) override { value = -1; }
  void set_text(std::size_t, std::string_view) override {}
  double value = 0;
};

const AggregateKernel& kernel_named(std::string_view name) {
  for (const AggregateKernel& kernel : spread_aggregates()) {
    if (kernel.name == name) return kernel;
  }
  ADD_FAILURE() << name;
  return spread_aggregates().front();
}

/// The values in runs, each a state of its own, joined at the end; -1 is null.
double in_runs(std::string_view name, const std::vector<double>& values, std::size_t run) {
  const AggregateKernel& kernel = kernel_named(name);
  std::vector<double> room(kernel.state_size / sizeof(double) + 1), part(room.size());
  kernel.begin_state(room.data());
  for (std::size_t begin = 0; begin < values.size(); begin += run) {
    const std::size_t rows = std::min(run, values.size() - begin);
    kernel.begin_state(part.data());
    const std::vector<Column> columns(kernel.arguments.size(), {values.data() + begin, nullptr});
    const std::vector<void*> states(rows, part.data());
    kernel.update(states.data(), columns, rows);
    kernel.combine(room.data(), part.data());
  }
  RealResult result;
  kernel.finalize(room.data(), result, 0);
  return result.value;
}

TEST(Spread, IsThatOfTheDefinitionHoweverTheRowsAreCut) {
  std::mt19937 random(3);
  std::normal_distribution<double> drawn(1e6, 2.5);  // far from 0: the sum of squares alone would lose all digits
  std::vector<double> values(3000);
  for (double& value : values) value = drawn(random);
  long double mean = 0, squares = 0;
  for (const double value : values) mean += value;
  mean /= static_cast<long double>(values.size());
  for (const double value : values) squares += (value - mean) * (value - mean);
  const auto variance = static_cast<double>(squares / static_cast<long double>(values.size() - 1));
  const auto variance_of_all = static_cast<double>(squares / static_cast<long double>(values.size()));
  for (const std::size_t run : {1, 3, 7, 8, 100, 2048, 3000}) {
    EXPECT_NEAR(in_runs("wardian_variance", values, run) / variance, 1, 1e-11) << run;
    EXPECT_NEAR(in_runs("wardian_variancep", values, run) / variance_of_all, 1, 1e-11) << run;
    EXPECT_NEAR(in_runs("wardian_stdev", values, run) / std::sqrt(variance), 1, 1e-11) << run;
    EXPECT_NEAR(in_runs("wardian_stdevp", values, run) / std::sqrt(variance_of_all), 1, 1e-11) << run;
    EXPECT_NEAR(in_runs("wardian_covariance", values, run) / variance, 1, 1e-11) << run;
    EXPECT_NEAR(in_runs("wardian_covariancep", values, run) / variance_of_all, 1, 1e-11) << run;
  }
}

TEST(Spread, OfOneValueAgainAndAgainIsZero) {
  for (const std::size_t count : {1, 2, 100, 5000}) {
    for (const std::size_t run : {1, 64, 2048}) EXPECT_EQ(in_runs("wardian_stdev", std::vector<double>(count, 0.1), run), 0);
  }
}

TEST(Spread, IsNoNumberWhereAValueIsNone) {
  for (const double strange : {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN(), 1e200}) {
    for (const std::size_t run : {1, 2, 100}) {
      std::vector<double> values(20, 1.0);
      values[11] = strange;
      EXPECT_TRUE(std::isnan(in_runs("wardian_variance", values, run))) << strange << " in runs of " << run;
    }
  }
  EXPECT_EQ(in_runs("wardian_variance", {}, 1), -1);
}

}  // namespace
}  // namespace wardian::kernels
