#include "wardian/cli/answer/series_rows.h"

#include <gtest/gtest.h>

namespace wardian::cli {
namespace {

using columnar::Type;
using columnar::Value;

Value dynamic(const char* json) { return {Type::dynamic, std::string(json)}; }
Value text(const char* held) { return {Type::string, std::string(held)}; }

TEST(SeriesRows, EachElementIsARowAndTheRestRepeats) {
  Grid grid;
  grid.schema = {{"k", Type::string}, {"t", Type::dynamic}, {"n", Type::dynamic}};
  grid.rows = {{text("a"), dynamic(R"(["2024-01-01T00:00:00.0000000Z","2024-01-02T00:00:00.0000000Z"])"), dynamic("[1,2.5]")},
               {text("b"), dynamic(R"(["2024-01-01T00:00:00.0000000Z"])"), dynamic("[null,7]")},
               {text("c"), {Type::dynamic, std::monostate()}, dynamic("[]")}};
  const Grid made = series_rows(grid);
  EXPECT_EQ(made.schema[1].type, Type::datetime);
  EXPECT_EQ(made.schema[2].type, Type::real);
  ASSERT_EQ(made.rows.size(), 4U);
  EXPECT_EQ(made.rows[1][0], text("a"));
  EXPECT_EQ(made.rows[1][1], (Value{Type::datetime, std::int64_t{638'397'504'000'000'000}}));
  EXPECT_EQ(made.rows[1][2], (Value{Type::real, 2.5}));
  EXPECT_TRUE(made.rows[2][2].is_null());
  EXPECT_TRUE(made.rows[3][1].is_null()) << "a shorter array ends in nulls";
  EXPECT_EQ(made.rows[3][2], (Value{Type::real, 7.0}));
}

TEST(SeriesRows, OtherDynamicsStayAsTheyAre) {
  for (const char* json : {R"({"a":1})", R"([1,"x"])", R"(["a","b"])", "[[1]]", "3"}) {
    Grid grid;
    grid.schema = {{"d", Type::dynamic}};
    grid.rows = {{dynamic(json)}, {dynamic("[1]")}};
    const Grid made = series_rows(grid);
    EXPECT_EQ(made.schema[0].type, Type::dynamic) << json;
    EXPECT_EQ(made.rows.size(), 2U) << json;
  }
}

TEST(SeriesRows, NoMoreRowsThanAChartTakes) {
  std::string json = "[0";
  for (int at = 1; at < 30'000; ++at) json += ",1";
  Grid grid;
  grid.schema = {{"d", Type::dynamic}};
  grid.rows = {{dynamic((json + "]").c_str())}};
  const Grid made = series_rows(grid);
  EXPECT_EQ(made.rows.size(), kGridRowsMax);
  EXPECT_TRUE(made.truncated);
}

}  // namespace
}  // namespace wardian::cli
