#include <array>
#include <cmath>

#include "wardian/kernels/calendar.h"
#include "wardian/kernels/datetime.h"
#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"
#include "wardian/kernels/timespan.h"

namespace wardian::kernels {
namespace {

using Long = std::int64_t;
using MaybeLong = std::optional<std::int64_t>;

MaybeLong in_range(Int128 ticks) {
  if (ticks < 0 || ticks > kMaxDatetimeTicks) return std::nullopt;
  return static_cast<Long>(ticks);
}

/// The first moment of a month counted from year 1, month 1; null outside the years 1 to 9999.
MaybeLong month_start(Long month_number) {
  if (month_number < 0 || month_number > 9999 * 12) return std::nullopt;
  return ticks_from_civil({month_number / 12 + 1, static_cast<int>(month_number % 12) + 1, 1});
}
Long month_number(Long ticks) {
  const CivilDate date = civil_date(ticks);
  return (date.year - 1) * 12 + date.month - 1;
}

/// Saturation keeps absurd offsets from overflowing; they end outside the range all the same.
Long bounded(Long offset) { return std::clamp<Long>(offset, -100'000'000, 100'000'000); }

MaybeLong day_begin(Long ticks, Long offset) {
  return in_range((static_cast<Int128>(day_number(ticks)) + bounded(offset)) * kTicksPerDay);
}
MaybeLong week_begin(Long ticks, Long offset) {
  return in_range((static_cast<Int128>(day_number(ticks)) - day_of_week(ticks) + 7 * bounded(offset)) * kTicksPerDay);
}
MaybeLong month_begin(Long ticks, Long offset) { return month_start(month_number(ticks) + bounded(offset)); }
MaybeLong year_begin(Long ticks, Long offset) { return month_start((civil_date(ticks).year - 1 + bounded(offset)) * 12); }
MaybeLong last_tick_before(MaybeLong begin) {
  if (!begin) return std::nullopt;
  return *begin - 1;
}
MaybeLong day_end(Long ticks, Long offset) {
  return in_range((static_cast<Int128>(day_number(ticks)) + bounded(offset) + 1) * kTicksPerDay - 1);
}
MaybeLong week_end(Long ticks, Long offset) {
  return in_range((static_cast<Int128>(day_number(ticks)) - day_of_week(ticks) + 7 * (bounded(offset) + 1)) * kTicksPerDay - 1);
}
MaybeLong month_end(Long ticks, Long offset) { return last_tick_before(month_start(month_number(ticks) + bounded(offset) + 1)); }
MaybeLong year_end(Long ticks, Long offset) {
  return last_tick_before(month_start((civil_date(ticks).year + bounded(offset)) * 12));
}

std::int32_t year_of(Long ticks) { return static_cast<std::int32_t>(civil_date(ticks).year); }
std::int32_t month_of(Long ticks) { return civil_date(ticks).month; }
std::int32_t day_of_month(Long ticks) { return civil_date(ticks).day; }
std::int32_t day_of_year(Long ticks) {
  return static_cast<std::int32_t>(day_number(ticks) - days_from_civil({civil_date(ticks).year, 1, 1}) + 1);
}
std::int32_t hour_of_day(Long ticks) { return static_cast<std::int32_t>(time_of_day(ticks) / kTicksPerHour); }
/// Days since the last Sunday, as a timespan.
Long weekday_span(Long ticks) { return day_of_week(ticks) * kTicksPerDay; }

/// ISO 8601: weeks begin on Monday, the first one holds the year's first Thursday.
/// The number of the week whose middle is that day, in the year that the middle lies in.
std::int32_t week_with_middle(Long day) {
  const Long year = civil_from_days(day).year;
  return static_cast<std::int32_t>((day - days_from_civil({year, 1, 1})) / 7 + 1);
}
/// By ISO 8601: a week is the year's that its Thursday lies in.
std::int32_t week_of_year(Long ticks) {
  const Long days = day_number(ticks);
  return week_with_middle(days - floor_modulo(days, 7) + 3);  // day 0 was a Monday
}
/// The older function: weeks begin on Sunday, and the year's first is the one with its first Wednesday.
std::int32_t old_week_of_year(Long ticks) {
  const Long days = day_number(ticks);
  return week_with_middle(days - floor_modulo(days + 1, 7) + 3);
}

enum class Period : std::uint8_t {
  none,
  year,
  quarter,
  month,
  week,
  day,
  hour,
  minute,
  second,
  millisecond,
  microsecond,
  nanosecond,
  week_of_year,
  day_of_year,
};

/// Period names are constants; the last one read is remembered.
class PeriodCache {
 public:
  Period find(Text name) {
    if (name == name_) return period_;
    static constexpr std::pair<Text, Period> kNames[] = {
        {"year", Period::year},
        {"quarter", Period::quarter},
        {"month", Period::month},
        {"week", Period::week},
        {"day", Period::day},
        {"hour", Period::hour},
        {"minute", Period::minute},
        {"second", Period::second},
        {"millisecond", Period::millisecond},
        {"microsecond", Period::microsecond},
        {"nanosecond", Period::nanosecond},
        {"week_of_year", Period::week_of_year},
        {"weekofyear", Period::week_of_year},
        {"dayofyear", Period::day_of_year},
        {"day_of_year", Period::day_of_year},
    };
    name_ = name;
    std::string lower(name);
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    period_ = Period::none;
    for (const auto& [spelling, period] : kNames) {
      if (spelling == lower) period_ = period;
    }
    return period_;
  }

 private:
  std::string name_;
  Period period_ = Period::none;
};

Long period_ticks(Period period) {
  switch (period) {
    case Period::week: return kTicksPerWeek;
    case Period::day: return kTicksPerDay;
    case Period::hour: return kTicksPerHour;
    case Period::minute: return kTicksPerMinute;
    case Period::second: return kTicksPerSecond;
    case Period::millisecond: return kTicksPerMillisecond;
    case Period::microsecond: return kTicksPerMicrosecond;
    default: return 0;
  }
}

MaybeLong add_months(Long ticks, Long months) {
  const CivilDate date = civil_date(ticks);
  const Long number = month_number(ticks) + bounded(months);
  if (number < 0 || number >= 9999 * 12) return std::nullopt;
  CivilDate moved{number / 12 + 1, static_cast<int>(number % 12) + 1, date.day};
  moved.day = std::min(moved.day, days_in_month(moved.year, moved.month));
  return ticks_from_civil(moved) + time_of_day(ticks);
}

MaybeLong datetime_add(PeriodCache& cache, Text period_name, Long amount, Long ticks) {
  switch (const Period period = cache.find(period_name)) {
    case Period::year: return add_months(ticks, bounded(amount) * 12);
    case Period::quarter: return add_months(ticks, bounded(amount) * 3);
    case Period::month: return add_months(ticks, amount);
    case Period::nanosecond: return in_range(static_cast<Int128>(ticks) + amount / 100);
    default:
      if (period_ticks(period) == 0) return std::nullopt;
      return in_range(static_cast<Int128>(ticks) + static_cast<Int128>(amount) * period_ticks(period));
  }
}

/// How many borders of the period lie between the two, from the second to the first. Weeks begin on Sunday.
MaybeLong datetime_diff(PeriodCache& cache, Text period_name, Long first, Long second) {
  switch (const Period period = cache.find(period_name)) {
    case Period::year: return civil_date(first).year - civil_date(second).year;
    case Period::quarter: return month_number(first) / 3 - month_number(second) / 3;
    case Period::month: return month_number(first) - month_number(second);
    case Period::week: {
      const auto sunday_number = [](Long ticks) { return floor_divide(day_number(ticks) + 1, 7); };
      return sunday_number(first) - sunday_number(second);
    }
    case Period::nanosecond: {
      Long difference = 0;
      if (__builtin_mul_overflow(first - second, Long{100}, &difference)) return std::nullopt;
      return difference;
    }
    default: {
      const Long size = period_ticks(period);
      if (size == 0) return std::nullopt;
      return floor_divide(first, size) - floor_divide(second, size);
    }
  }
}

MaybeLong datetime_part(PeriodCache& cache, Text part, Long ticks) {
  switch (cache.find(part)) {
    case Period::year: return year_of(ticks);
    case Period::quarter: return (month_of(ticks) + 2) / 3;
    case Period::month: return month_of(ticks);
    case Period::week:
    case Period::week_of_year: return week_of_year(ticks);
    case Period::day: return day_of_month(ticks);
    case Period::day_of_year: return day_of_year(ticks);
    case Period::hour: return hour_of_day(ticks);
    case Period::minute: return time_of_day(ticks) / kTicksPerMinute % 60;
    case Period::second: return time_of_day(ticks) / kTicksPerSecond % 60;
    case Period::millisecond: return time_of_day(ticks) % kTicksPerSecond / kTicksPerMillisecond;
    case Period::microsecond: return time_of_day(ticks) % kTicksPerSecond / kTicksPerMicrosecond;
    case Period::nanosecond: return time_of_day(ticks) % kTicksPerSecond * 100;
    case Period::none: break;
  }
  return std::nullopt;
}

MaybeLong make_datetime(Long year, Long month, Long day, Long hour, Long minute, double second) {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, static_cast<int>(month)) ||
      hour < 0 || hour > 23 || minute < 0 || minute > 59 || !(second >= 0 && second < 60)) {
    return std::nullopt;
  }
  return ticks_from_civil({year, static_cast<int>(month), static_cast<int>(day)}) + hour * kTicksPerHour +
         minute * kTicksPerMinute + std::llround(second * kTicksPerSecond);
}

MaybeLong make_timespan(Long day, Long hour, Long minute, double second) {
  if (day < 0 || day > 10'675'198 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || !(second >= 0 && second < 60)) {
    return std::nullopt;
  }
  return day * kTicksPerDay + hour * kTicksPerHour + minute * kTicksPerMinute + std::llround(second * kTicksPerSecond);
}

/// Ticks of a time since 1970 in units of `ticks_per_unit` (below one for nanoseconds).
MaybeLong from_unix(double value, double ticks_per_unit) {
  const double ticks = std::round(value * ticks_per_unit);
  if (!(std::abs(ticks) < 9e18)) return std::nullopt;
  return in_range(static_cast<Int128>(ticks) + kUnixEpochTicks);
}
MaybeLong from_unix_long(Long value, Long ticks_per_unit) {
  return in_range(static_cast<Int128>(value) * ticks_per_unit + kUnixEpochTicks);
}
MaybeLong from_unix_nanoseconds(Long value) { return in_range(static_cast<Int128>(floor_divide(value, 100)) + kUnixEpochTicks); }

void format_datetime_pattern(std::optional<Long> ticks, Text pattern, std::string& out) {
  if (ticks) append_datetime_by_pattern(out, *ticks, pattern);
}
void format_timespan_pattern(std::optional<Long> ticks, Text pattern, std::string& out) {
  if (ticks) append_timespan_by_pattern(out, *ticks, pattern);
}

constexpr Kernel kKernels[] = {
    kernel<&datetime_add>("wardian_datetime_add"),
    kernel<&datetime_diff>("wardian_datetime_diff"),
    kernel<&datetime_part>("wardian_datetime_part"),
    kernel<&day_of_month>("wardian_dayofmonth"),
    kernel<&weekday_span>("wardian_dayofweek"),
    kernel<&day_of_year>("wardian_dayofyear"),
    kernel<&day_end>("wardian_endofday"),
    kernel<&month_end>("wardian_endofmonth"),
    kernel<&week_end>("wardian_endofweek"),
    kernel<&year_end>("wardian_endofyear"),
    kernel<&format_datetime_pattern>("wardian_format_datetime"),
    kernel<&format_timespan_pattern>("wardian_format_timespan"),
    kernel<&year_of>("wardian_getyear"),
    kernel<&hour_of_day>("wardian_hourofday"),
    kernel<&make_datetime>("wardian_make_datetime"),
    kernel<&make_timespan>("wardian_make_timespan"),
    kernel<&month_of>("wardian_monthofyear"),
    kernel<&day_begin>("wardian_startofday"),
    kernel<&month_begin>("wardian_startofmonth"),
    kernel<&week_begin>("wardian_startofweek"),
    kernel<&year_begin>("wardian_startofyear"),
    kernel<&from_unix>("wardian_unixtime"),
    kernel<&from_unix_long>("wardian_unixtime_long"),
    kernel<&from_unix_nanoseconds>("wardian_unixtime_nanoseconds"),
    kernel<&week_of_year>("wardian_week_of_year"),
    kernel<&old_week_of_year>("wardian_weekofyear"),
};

}  // namespace

std::span<const Kernel> datetime_kernels() { return kKernels; }

}  // namespace wardian::kernels
