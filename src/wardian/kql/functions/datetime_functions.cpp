#include <algorithm>
#include <array>
#include <cctype>

#include "wardian/kql/functions/function_families.h"
#include "wardian/kql/functions/value_forms.h"

namespace wardian::kql {
namespace {

/// Kernels count in longs; the language says int.
sql::ExprPtr datetime_part(const CallSite& site) {
  return sql::cast(sql::call("wardian_datetime_part", {site.arguments[0], site.arguments[1]}), "INTEGER");
}

/// Fractions count in seconds only.
sql::ExprPtr make_datetime(const CallSite& site) {
  std::vector<sql::ExprPtr> parts;
  for (std::size_t at = 0; at < 5; ++at) parts.push_back(to_type(site.arguments[at], Type::real, Type::int64));
  parts.push_back(site.arguments[5]);
  return sql::call("wardian_make_datetime", std::move(parts));
}

sql::ExprPtr make_timespan(const CallSite& site) {
  std::vector<sql::ExprPtr> arguments(site.arguments.begin(), site.arguments.end());
  if (arguments.size() < 4) arguments.insert(arguments.begin(), sql::cast(sql::integer(0), "BIGINT"));
  return sql::call("wardian_make_timespan", std::move(arguments));
}
sql::ExprPtr convert_to_result(const CallSite& site) { return to_type(site.arguments[0], site.type(0), site.result); }

template <std::int64_t ticks>
sql::ExprPtr from_unix(const CallSite& site) {
  if (site.type(0) == Type::int64) {
    return sql::call("wardian_unixtime_long", {site.arguments[0], sql::cast(sql::integer(ticks), "BIGINT")});
  }
  return sql::call("wardian_unixtime", {site.arguments[0], sql::real(static_cast<double>(ticks))});
}
sql::ExprPtr from_unix_nanoseconds(const CallSite& site) {
  if (site.type(0) == Type::int64) return sql::call("wardian_unixtime_nanoseconds", {site.arguments[0]});
  return sql::call("wardian_unixtime", {site.arguments[0], sql::real(0.01)});
}
constexpr std::int64_t kSecond = 10'000'000, kMillisecond = 10'000, kMicrosecond = 10;

/// Periods of a constant length begin at multiples of it, and datetimes are not negative: one division each.
sql::ExprPtr datetime_diff(const CallSite& site) {
  struct Length {
    std::int64_t ticks;
    std::string_view period;
  };
  constexpr Length kLengths[] = {{864'000'000'000, "day"}, {36'000'000'000, "hour"},      {600'000'000, "minute"},
                                 {kSecond, "second"},      {kMillisecond, "millisecond"}, {kMicrosecond, "microsecond"}};
  const columnar::Value* period = site.constant(0);
  const auto* name = period == nullptr ? nullptr : std::get_if<std::string>(&period->held);
  for (const Length& each : kLengths) {
    if (name == nullptr || !std::ranges::equal(*name, each.period, {}, [](unsigned char c) { return std::tolower(c); })) continue;
    const auto number = [&](std::size_t argument) {
      return sql::binary("//", site.arguments[argument], sql::integer(each.ticks));
    };
    return sql::binary("-", number(1), number(2));
  }
  return sql::call("wardian_datetime_diff", {site.arguments.begin(), site.arguments.end()});
}

constexpr char kPart[] =
    "A part of the datetime by name: Year, Quarter, Month, week_of_year, Day, DayOfYear, Hour, Minute, Second, "
    "Millisecond, Microsecond, Nanosecond.";
constexpr char kUnix[] = "The moment that long after 1970 began; null outside the years 1 to 9999.";

constexpr auto kFunctions = std::to_array<KqlFunction>({
    {"datepart", "(part: literal part string, date: datetime) -> int", {"", &datetime_part}, kPart},
    {"datetime_add",
     "(period: literal period string, amount: long, date: datetime) -> datetime",
     {"wardian_datetime_add"},
     "The datetime moved by an amount of periods; null outside the years 1 to 9999."},
    {"datetime_diff",
     "(period: literal period string, first: datetime, second: datetime) -> long",
     {"", &datetime_diff},
     "How many beginnings of the period lie between the two, from the second to the first."},
    {"datetime_local_to_utc",
     "(local: datetime, timezone: string) -> datetime",
     {"wardian_datetime_local_to_utc"},
     "The moment at which clocks of the zone show that; null for an unknown zone."},
    {"datetime_part", "(part: literal part string, date: datetime) -> int", {"", &datetime_part}, kPart},
    {"datetime_utc_to_local",
     "(utc: datetime, timezone: string) -> datetime",
     {"wardian_datetime_utc_to_local"},
     "What clocks of the zone show then; null for an unknown zone."},
    {"dayofmonth", "(date: datetime) -> int", {"wardian_dayofmonth"}, "1 to 31."},
    {"dayofweek", "(date: datetime) -> timespan", {"wardian_dayofweek"}, "Days since the last Sunday, as a timespan."},
    {"dayofyear", "(date: datetime) -> int", {"wardian_dayofyear"}, "1 to 366."},
    {"endofday",
     "(date: datetime, offset: long = 0) -> datetime",
     {"wardian_endofday"},
     "The last tick of the day, shifted by days."},
    {"endofmonth",
     "(date: datetime, offset: long = 0) -> datetime",
     {"wardian_endofmonth"},
     "The last tick of the month, shifted by months."},
    {"endofweek",
     "(date: datetime, offset: long = 0) -> datetime",
     {"wardian_endofweek"},
     "The last tick of the week's Saturday, shifted by weeks."},
    {"endofyear",
     "(date: datetime, offset: long = 0) -> datetime",
     {"wardian_endofyear"},
     "The last tick of the year, shifted by years."},
    {"format_datetime",
     "(date: datetime, format: literal filled string) -> string",
     {"wardian_format_datetime"},
     "The datetime by a pattern of y M d h H m s f F t; '' of null."},
    {"format_timespan",
     "(span: timespan, format: literal filled string) -> string",
     {"wardian_format_timespan"},
     "The timespan by a pattern of d h H m s f F; '' of null."},
    {"getmonth", "(date: datetime) -> int", {"wardian_monthofyear"}, "1 to 12."},
    {"getyear", "(date: datetime) -> int", {"wardian_getyear"}, "1 to 9999."},
    {"hourofday", "(date: datetime) -> int", {"wardian_hourofday"}, "0 to 23."},
    {"make_datetime",
     "(year: real, month: real, day: real, hour: real = 0, minute: real = 0, second: real = 0) -> datetime",
     {"", &make_datetime},
     "The datetime of these parts; null when there is none."},
    {"make_datetime", "(value: any) -> datetime", {"", &convert_to_result}, "The value as datetime; null for none."},
    {"make_timespan",
     "(hours: long, minutes: long, seconds: real = 0) -> timespan",
     {"", &make_timespan},
     "The timespan of these parts; null when one is out of its bounds."},
    {"make_timespan",
     "(days: long, hours: long, minutes: long, seconds: real) -> timespan",
     {"", &make_timespan},
     "The timespan of these parts; null when one is out of its bounds."},
    {"make_timespan", "(value: any) -> timespan", {"", &convert_to_result}, "The value as timespan; null for none."},
    {"monthofyear", "(date: datetime) -> int", {"wardian_monthofyear"}, "1 to 12."},
    {"startofday",
     "(date: datetime, offset: long = 0) -> datetime",
     {"wardian_startofday"},
     "Midnight of the day, shifted by days."},
    {"startofmonth",
     "(date: datetime, offset: long = 0) -> datetime",
     {"wardian_startofmonth"},
     "The beginning of the month, shifted by months."},
    {"startofweek",
     "(date: datetime, offset: long = 0) -> datetime",
     {"wardian_startofweek"},
     "The beginning of the week's Sunday, shifted by weeks."},
    {"startofyear",
     "(date: datetime, offset: long = 0) -> datetime",
     {"wardian_startofyear"},
     "The beginning of the year, shifted by years."},
    {"unixtime_microseconds_todatetime", "(value: long) -> datetime", {"", &from_unix<kMicrosecond>}, kUnix},
    {"unixtime_microseconds_todatetime", "(value: real) -> datetime", {"", &from_unix<kMicrosecond>}, kUnix},
    {"unixtime_milliseconds_todatetime", "(value: long) -> datetime", {"", &from_unix<kMillisecond>}, kUnix},
    {"unixtime_milliseconds_todatetime", "(value: real) -> datetime", {"", &from_unix<kMillisecond>}, kUnix},
    {"unixtime_nanoseconds_todatetime", "(value: long) -> datetime", {"", &from_unix_nanoseconds}, kUnix},
    {"unixtime_nanoseconds_todatetime", "(value: real) -> datetime", {"", &from_unix_nanoseconds}, kUnix},
    {"unixtime_seconds_todatetime", "(value: long) -> datetime", {"", &from_unix<kSecond>}, kUnix},
    {"unixtime_seconds_todatetime", "(value: real) -> datetime", {"", &from_unix<kSecond>}, kUnix},
    {"week_of_year", "(date: datetime) -> int", {"wardian_week_of_year"}, "The week's number by ISO 8601, 1 to 53."},
    {"weekofyear",
     "(date: datetime) -> int",
     {"wardian_weekofyear"},
     "The number of the week from Sunday on, the first being that of the year's first Wednesday; use week_of_year()."},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &KqlFunction::name));

}  // namespace

std::span<const KqlFunction> datetime_functions() { return kFunctions; }

}  // namespace wardian::kql
