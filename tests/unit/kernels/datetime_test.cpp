#include "wardian/kernels/datetime.h"

#include <gtest/gtest.h>

#include "wardian/kernels/calendar.h"

namespace wardian::kernels {
namespace {

TEST(Calendar, EveryDayGoesThereAndBack) {
  std::int64_t expected = 0;
  for (std::int64_t days = 0; days <= kMaxDatetimeTicks / kTicksPerDay; ++days, ++expected) {
    const CivilDate date = civil_from_days(days);
    ASSERT_EQ(days_from_civil(date), expected);
    ASSERT_LE(date.day, days_in_month(date.year, date.month));
  }
}

struct ParseCase {
  std::string_view text, printed;
};  // printed empty: no datetime

// Source: the formats listed with the datetime type and with todatetime().
constexpr ParseCase kParses[] = {
    {"2014-05-25T08:20:03.123456Z", "2014-05-25T08:20:03.123456Z"},
    {"2014-05-25T08:20:03.123456", "2014-05-25T08:20:03.123456Z"},
    {"2014-05-25T08:20", "2014-05-25T08:20:00Z"},
    {"2014-11-08 15:55:55", "2014-11-08T15:55:55Z"},
    {"2014-11-08 15:55", "2014-11-08T15:55:00Z"},
    {"2014-11-08", "2014-11-08T00:00:00Z"},
    {"2014-11", "2014-11-01T00:00:00Z"},
    {"2014", "2014-01-01T00:00:00Z"},
    {"2014-11-08T15:55:55+02:00", "2014-11-08T13:55:55Z"},
    {"2014-11-08 15:55:55 -0530", "2014-11-08T21:25:55Z"},
    {"Sat, 8 Nov 14 15:05:02 GMT", "2014-11-08T15:05:02Z"},
    {"Sat, 8 Nov 2014 15:05:02", "2014-11-08T15:05:02Z"},
    {"8 Nov 2014 15:05", "2014-11-08T15:05:00Z"},
    {"Saturday, 08-Nov-14 15:05:02 UTC", "2014-11-08T15:05:02Z"},
    {"Nov 8, 2014", "2014-11-08T00:00:00Z"},
    {"02/17/2016 08:40:01", "2016-02-17T08:40:01Z"},
    {"8/30/2023 11:00:00 PM", "2023-08-30T23:00:00Z"},
    {"12/1/2023 12:00 AM", "2023-12-01T00:00:00Z"},
    {"2017 - 08 - 01", "2017-08-01T00:00:00Z"},
    {"2025, 6, 14", "2025-06-14T00:00:00Z"},
    {" 2014-11-08 ", "2014-11-08T00:00:00Z"},
    {"9999-12-31T23:59:59.99999999", "9999-12-31T23:59:59.9999999Z"},
    {"0001-01-01", "0001-01-01T00:00:00Z"},
    {"2016-02-29", "2016-02-29T00:00:00Z"},
    {"2015-02-29", ""},
    {"2014-13-01", ""},
    {"2014-11-08T25:00", ""},
    {"", ""},
    {"now", ""},
    {"2014-11-08x", ""},
    {"0001-01-01T00:00:00+01:00", ""},
};

TEST(Datetime, Parses) {
  for (const ParseCase& c : kParses) {
    const auto ticks = parse_datetime(c.text);
    EXPECT_EQ(ticks ? format_datetime(*ticks) : "", c.printed) << c.text;
  }
}

TEST(Datetime, PrintsSevenDigitsInText) {
  std::string out;
  append_datetime(out, *parse_datetime("2017-01-01T00:00:00.5"));
  EXPECT_EQ(out, "2017-01-01T00:00:00.5000000Z");
}

struct PatternCase {
  std::string_view pattern, printed;
};

// Source: the examples of format_datetime() over 2017-01-29 09:00:05.
constexpr PatternCase kPatterns[] = {
    {"yy-MM-dd [HH:mm:ss]", "17-01-29 [09:00:05]"},
    {"yyyy-M-dd [H:mm:ss]", "2017-1-29 [9:00:05]"},
    {"yy-MM-dd [hh:mm:ss tt]", "17-01-29 [09:00:05 AM]"},
    {"s.fff F", "5.000 "},
};

TEST(Datetime, PrintsByPattern) {
  for (const PatternCase& c : kPatterns) {
    std::string out;
    append_datetime_by_pattern(out, *parse_datetime("2017-01-29 09:00:05"), c.pattern);
    EXPECT_EQ(out, c.printed) << c.pattern;
  }
}

}  // namespace
}  // namespace wardian::kernels
