#pragma once

#include <string>
#include <vector>

#include "wardian/cli/answer/chart_data.h"

namespace wardian::cli {

/// Places on an axis that people like to read: multiples of 1, 2 or 5 times a power of ten; of a clock's and a calendar's
/// units on an axis of times.
struct AxisTick {
  double value = 0;
  std::string label;
};

/// Those between `low` and `high` (low < high), both included; about `count_wanted` of them, never more than twice as many.
/// Category axes have none.
std::vector<AxisTick> axis_ticks(AxisKind axis, double low, double high, int count_wanted);

/// The distance between numbers' ticks.
double round_step(double range, int count_wanted);

}  // namespace wardian::cli
