#include "wardian/cli/answer/chart.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "wardian/cli/answer/axis_ticks.h"
#include "wardian/cli/answer/display_width.h"
#include "wardian/kernels/calendar.h"

namespace wardian::cli {
namespace {

using columnar::Type;
using columnar::Value;

Grid by_carrier() {
  Grid grid;
  grid.schema = {{"carrier", Type::string}, {"flights", Type::int64}};
  for (const auto& [name, count] : {std::pair{"UA", 40}, std::pair{"B6", 20}, std::pair{"EV", 0}}) {
    grid.rows.push_back({Value{Type::string, std::string(name)}, Value{Type::int64, std::int64_t{count}}});
  }
  return grid;
}

TEST(Chart, BarsAreProportional) {
  EXPECT_EQ(draw_chart({"barchart", {}}, by_carrier(), {20, 5, false}),
            "UA │█████████████ 40\n"
            "B6 │██████▌ 20\n"
            "EV │ 0\n"
            "● flights\n");
}

TEST(Chart, AnAxisOfColumnsIsStraight) {
  Grid grid = by_carrier();
  grid.rows[0][1] = Value{Type::int64, std::int64_t{9}};  // the middle of the axis has more digits than its end
  std::istringstream lines(draw_chart({"columnchart", {}}, grid, {40, 8, false}));
  int columns = -1;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t axis = std::min({line.find("┤"), line.find("│"), line.find("└")});
    if (axis == std::string::npos) continue;
    if (columns < 0) columns = static_cast<int>(axis);
    EXPECT_EQ(static_cast<int>(axis), columns) << line;
  }
  EXPECT_GT(columns, 0);
}

TEST(Chart, SharesAddUp) {
  const std::string text = draw_chart({"piechart", {}}, by_carrier(), {40, 5, false});
  EXPECT_NE(text.find("66.7 %"), std::string::npos) << text;
  EXPECT_NE(text.find("33.3 %"), std::string::npos) << text;
}

TEST(Chart, EveryKindKeepsWithinItsWidth) {
  Grid grid;
  grid.schema = {{"day", Type::datetime}, {"origin", Type::string}, {"delay", Type::real}};
  for (int day = 0; day < 60; ++day) {
    for (const char* origin : {"EWR", "JFK"}) {
      grid.rows.push_back({Value{Type::datetime, 635'000'000'000'000'000 + day * 864'000'000'000},
                           Value{Type::string, std::string(origin)}, Value{Type::real, day % 7 - 3.5}});
    }
  }
  for (const char* kind :
       {"timechart", "linechart", "areachart", "scatterchart", "columnchart", "barchart", "piechart", "card"}) {
    std::istringstream lines(draw_chart({kind, {}}, grid, {72, 12, false}));
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count) EXPECT_LE(display_width(line), 76) << kind << ": " << line;
    EXPECT_GT(count, 2) << kind;
  }
}

std::string labels(const std::vector<AxisTick>& ticks) {
  std::string text;
  for (const AxisTick& tick : ticks) text += (text.empty() ? "" : " ") + tick.label;
  return text;
}

TEST(Chart, AxesCountInRoundSteps) {
  EXPECT_EQ(labels(axis_ticks(AxisKind::number, 0, 40, 4)), "0 10 20 30 40");
  EXPECT_EQ(labels(axis_ticks(AxisKind::number, -1.3, 1.3, 5)), "-1 0 1");
  EXPECT_EQ(labels(axis_ticks(AxisKind::number, 0.001, 0.0042, 4)), "0.001 0.002 0.003 0.004");
  EXPECT_EQ(labels(axis_ticks(AxisKind::number, 1e6, 1.8e6, 4)), "1M 1.2M 1.4M 1.6M 1.8M");
  const auto day = [](std::int64_t year, int month, int date) {
    return static_cast<double>(kernels::ticks_from_civil({year, month, date}));
  };
  const double hour = static_cast<double>(kernels::kTicksPerHour);
  EXPECT_EQ(labels(axis_ticks(AxisKind::datetime, day(2013, 1, 1), day(2013, 12, 30), 6)),
            "2013-01 2013-03 2013-05 2013-07 2013-09 2013-11");
  EXPECT_EQ(labels(axis_ticks(AxisKind::datetime, day(1988, 3, 1), day(2024, 1, 1), 4)), "1990 2000 2010 2020");
  EXPECT_EQ(labels(axis_ticks(AxisKind::datetime, day(2024, 2, 28), day(2024, 3, 2), 4)),
            "02-28 00:00 02-29 00:00 03-01 00:00 03-02 00:00");
  EXPECT_EQ(labels(axis_ticks(AxisKind::timespan, 0, 2 * hour, 4)), "00:00:00 00:30:00 01:00:00 01:30:00 02:00:00");
  EXPECT_TRUE(axis_ticks(AxisKind::number, 1, 1, 4).empty());
}

TEST(Chart, NothingToDrawGivesNothing) {
  EXPECT_EQ(draw_chart({"timechart", {}}, Grid{}, {}), "");
  EXPECT_EQ(draw_chart({"table", {}}, by_carrier(), {}), "");
  Grid words;
  words.schema = {{"a", Type::string}};
  words.rows.push_back({Value{Type::string, std::string("x")}});
  EXPECT_EQ(draw_chart({"columnchart", {}}, words, {}), "");
}

TEST(Chart, HostileTextCannotEscape) {
  Grid grid = by_carrier();
  grid.rows[0][0] = Value{Type::string, std::string("\x1b]0;owned\x07")};
  const std::string text = draw_chart({"barchart", {}}, grid, {60, 5, false});
  EXPECT_EQ(std::count(text.begin(), text.end(), '\x1b'), 0);
}

}  // namespace
}  // namespace wardian::cli
