#include "wardian/cli/answer/axis_ticks.h"

#include <algorithm>
#include <cmath>

#include "wardian/kernels/calendar.h"
#include "wardian/kernels/datetime.h"

namespace wardian::cli {
namespace {

using kernels::kTicksPerDay;
using kernels::kTicksPerHour;
using kernels::kTicksPerMinute;
using kernels::kTicksPerSecond;

constexpr std::int64_t kClockSteps[] = {kTicksPerSecond, 5 * kTicksPerSecond, 15 * kTicksPerSecond, 30 * kTicksPerSecond,
                                        kTicksPerMinute, 5 * kTicksPerMinute, 15 * kTicksPerMinute, 30 * kTicksPerMinute,
                                        kTicksPerHour,   3 * kTicksPerHour,   6 * kTicksPerHour,    12 * kTicksPerHour,
                                        kTicksPerDay,    2 * kTicksPerDay,    7 * kTicksPerDay,     14 * kTicksPerDay};
constexpr int kMonthSteps[] = {1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 12'000};
constexpr double kTicksPerMonth = 30.44 * kTicksPerDay;

std::string datetime_label(std::int64_t ticks, const char* pattern) {
  std::string text;
  kernels::append_datetime_by_pattern(text, ticks, pattern);
  return text;
}

std::vector<AxisTick> multiples(AxisKind axis, double low, double high, double step) {
  std::vector<AxisTick> ticks;
  for (double number = std::ceil(low / step - 1e-9); number * step <= high + step * 1e-9; ++number) {
    const double value = number == 0 ? 0 : number * step;  // no -0
    ticks.push_back({value, axis_label(axis, value, low, high)});
  }
  return ticks;
}

/// First days of months, every so many months.
std::vector<AxisTick> month_ticks(double low, double high, int months) {
  std::vector<AxisTick> ticks;
  const kernels::CivilDate first = kernels::civil_date(static_cast<std::int64_t>(low));
  std::int64_t month = std::max<std::int64_t>(12, (first.year * 12 + first.month - 1) / months * months);
  for (;; month += months) {
    const std::int64_t at = kernels::ticks_from_civil({month / 12, static_cast<int>(month % 12) + 1, 1});
    if (static_cast<double>(at) > high) return ticks;
    if (static_cast<double>(at) >= low)
      ticks.push_back({static_cast<double>(at), datetime_label(at, months % 12 == 0 ? "yyyy" : "yyyy-MM")});
  }
}

std::vector<AxisTick> time_ticks(AxisKind axis, double low, double high, int count_wanted) {
  const double wanted = (high - low) / count_wanted;
  const auto step = std::ranges::find_if(kClockSteps, [&](std::int64_t one) { return static_cast<double>(one) >= wanted; });
  if (step != std::end(kClockSteps)) return multiples(axis, low, high, static_cast<double>(*step));
  if (axis == AxisKind::timespan)
    return multiples(axis, low, high, round_step((high - low) / kTicksPerDay, count_wanted) * kTicksPerDay);
  const auto months = std::ranges::find_if(kMonthSteps, [&](int one) { return one * kTicksPerMonth >= wanted; });
  return month_ticks(low, high, months == std::end(kMonthSteps) ? 12'000 : *months);
}

}  // namespace

double round_step(double range, int count_wanted) {
  const double rough = range / std::max(1, count_wanted);
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (rough <= factor * power * (1 + 1e-9)) return factor * power;
  return 10 * power;
}

std::vector<AxisTick> axis_ticks(AxisKind axis, double low, double high, int count_wanted) {
  if (!(low < high) || axis == AxisKind::category) return {};
  if (axis == AxisKind::number) return multiples(axis, low, high, round_step(high - low, count_wanted));
  // Below a second clocks count in tens as well.
  if ((high - low) / count_wanted < static_cast<double>(kTicksPerSecond) / 2)
    return multiples(axis, low, high, std::max(1.0, round_step(high - low, count_wanted)));
  return time_ticks(axis, low, high, count_wanted);
}

}  // namespace wardian::cli
