#include "wardian/kernels/timespan.h"

#include <gtest/gtest.h>

#include <limits>

namespace wardian::kernels {
namespace {

struct Case {
  std::string_view text, printed;
};  // printed empty: no timespan

constexpr Case kCases[] = {
    {"0.00:03:00", "00:03:00"},
    {"1.02:03:04.5", "1.02:03:04.5000000"},
    {"-1.02:03:04", "-1.02:03:04"},
    {"12:30", "12:30:00"},
    {"14:00:00:00", "14.00:00:00"},
    {"3", "3.00:00:00"},
    {"2.5h", "02:30:00"},
    {"10 ms", "00:00:00.0100000"},
    {"25min", "00:25:00"},
    {"3 days", "3.00:00:00"},
    {"1tick", "00:00:00.0000001"},
    {"29.09:00:05.12345", "29.09:00:05.1234500"},
    {"10675199.02:48:05.4775807", "10675199.02:48:05.4775807"},
    {"10675199.02:48:05.4775808", ""},
    {"-10675199.02:48:05.4775808", "-10675199.02:48:05.4775808"},
    {"-10675199.02:48:05.4775809", ""},
    {"24:00:00", ""},
    {"1:60", ""},
    {"", ""},
    {"abc", ""},
    {"1 fortnight", ""},
    {"99999999999d", ""},
};

TEST(Timespan, ParsesAndPrints) {
  for (const Case& c : kCases) {
    const auto ticks = parse_timespan(c.text);
    EXPECT_EQ(ticks ? format_timespan(*ticks) : "", c.printed) << c.text;
  }
}

TEST(Timespan, PrintsItsEnds) {
  EXPECT_EQ(format_timespan(std::numeric_limits<std::int64_t>::min()), "-10675199.02:48:05.4775808");
  EXPECT_EQ(format_timespan(std::numeric_limits<std::int64_t>::max()), "10675199.02:48:05.4775807");
}

// Source: the examples of format_timespan().
TEST(Timespan, PrintsByPattern) {
  const std::int64_t ticks = *parse_timespan("29.09:00:05.12345");
  std::string out;
  append_timespan_by_pattern(out, ticks, "dd.hh:mm:ss:FF");
  EXPECT_EQ(out, "29.09:00:05:12");
  out.clear();
  append_timespan_by_pattern(out, ticks, "ddd.h:mm:ss [fffffff]");
  EXPECT_EQ(out, "029.9:00:05 [1234500]");
}

}  // namespace
}  // namespace wardian::kernels
