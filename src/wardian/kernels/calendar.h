#pragma once

#include <cstdint>

/// The proleptic Gregorian calendar over ticks: arithmetic only, no text.
namespace wardian::kernels {

inline constexpr std::int64_t kTicksPerMicrosecond = 10;
inline constexpr std::int64_t kTicksPerMillisecond = 10'000;
inline constexpr std::int64_t kTicksPerSecond = 10'000'000;
inline constexpr std::int64_t kTicksPerMinute = 60 * kTicksPerSecond;
inline constexpr std::int64_t kTicksPerHour = 60 * kTicksPerMinute;
inline constexpr std::int64_t kTicksPerDay = 24 * kTicksPerHour;
inline constexpr std::int64_t kTicksPerWeek = 7 * kTicksPerDay;
/// 1970-01-01T00:00:00 in ticks since 0001-01-01T00:00:00.
inline constexpr std::int64_t kUnixEpochTicks = 621'355'968'000'000'000;
/// 9999-12-31T23:59:59.9999999, the last moment of a datetime.
inline constexpr std::int64_t kMaxDatetimeTicks = 3'155'378'975'999'999'999;

/// Quotient and remainder rounded towards minus infinity; `divisor` is above zero.
constexpr std::int64_t floor_divide(std::int64_t value, std::int64_t divisor) {
  const std::int64_t quotient = value / divisor;
  return value % divisor < 0 ? quotient - 1 : quotient;
}
constexpr std::int64_t floor_modulo(std::int64_t value, std::int64_t divisor) {
  const std::int64_t rest = value % divisor;
  return rest < 0 ? rest + divisor : rest;
}

struct CivilDate {
  std::int64_t year = 1;
  int month = 1;  // 1..12
  int day = 1;    // 1..31
};

constexpr bool is_leap_year(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

constexpr int days_in_month(std::int64_t year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap_year(year) ? 29 : kDays[month - 1];
}

/// Days since 0001-01-01. Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
constexpr std::int64_t days_from_civil(CivilDate date) {
  const std::int64_t year = date.month <= 2 ? date.year - 1 : date.year;
  const std::int64_t era = floor_divide(year, 400);
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 306;
}

/// The inverse of days_from_civil.
constexpr CivilDate civil_from_days(std::int64_t days) {
  const std::int64_t shifted = days + 306;
  const std::int64_t era = floor_divide(shifted, 146'097);
  const std::int64_t day_of_era = shifted - era * 146'097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const int day = static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
  const int month = static_cast<int>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

constexpr std::int64_t ticks_from_civil(CivilDate date) { return days_from_civil(date) * kTicksPerDay; }
constexpr std::int64_t day_number(std::int64_t ticks) { return floor_divide(ticks, kTicksPerDay); }
constexpr CivilDate civil_date(std::int64_t ticks) { return civil_from_days(day_number(ticks)); }
constexpr std::int64_t time_of_day(std::int64_t ticks) { return floor_modulo(ticks, kTicksPerDay); }
/// 0 is Sunday; 0001-01-01 was a Monday.
constexpr int day_of_week(std::int64_t ticks) { return static_cast<int>(floor_modulo(day_number(ticks) + 1, 7)); }

static_assert(days_from_civil({1970, 1, 1}) * kTicksPerDay == kUnixEpochTicks);
static_assert(ticks_from_civil({10000, 1, 1}) - 1 == kMaxDatetimeTicks);

}  // namespace wardian::kernels
