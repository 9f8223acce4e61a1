#include "wardian/columnar/file_columns.h"

#include <gtest/gtest.h>

#include "wardian/columnar/ticks.h"

namespace wardian::columnar {
namespace {

TEST(FileColumns, ComeBackFromTheirText) {
  const std::vector<FileColumn> columns = {{"a \"b\"\\\n\x01č", Type::string, FileUnit::none},
                                           {"t", Type::datetime, FileUnit::ticks},
                                           {"p", Type::timespan, FileUnit::microseconds},
                                           {"", Type::guid, FileUnit::none}};
  EXPECT_EQ(read_file_columns(file_columns_text(columns)), columns);
  EXPECT_EQ(file_columns_text(std::span(columns).subspan(1, 1)), R"({"columns":[{"name":"t","type":"datetime","unit":"tick"}]})");
}

TEST(FileColumns, OfAnotherTextAreNone) {
  for (const char* text : {"", "{", "[]", R"({"columns":{}})", R"({"columns":[1]})", R"({"columns":[{"name":"a"}]})",
                           R"({"columns":[{"name":"a","type":"point"}]})"}) {
    EXPECT_TRUE(read_file_columns(text).empty()) << text;
  }
}

TEST(TickRange, ChoosesTheUnitThatHoldsAll) {
  // Of nanoseconds since 1970 the last 100 in 64 bits, in ticks; source: 2^63 ns are 292 years 277 days.
  constexpr std::int64_t kLast = kTicksUnixEpoch + 92'233'720'368'547'758;
  struct Case {
    Type type;
    std::vector<std::int64_t> ticks;
    FileUnit unit;
  };
  const std::vector<Case> cases = {
      {Type::datetime, {}, FileUnit::nanoseconds},
      {Type::datetime, {kLast, kTicksUnixEpoch - 1}, FileUnit::nanoseconds},
      {Type::datetime, {kLast + 2}, FileUnit::microseconds},
      {Type::datetime, {kLast + 1}, FileUnit::ticks},
      {Type::datetime, {kTicksUnixEpoch + 1, 0}, FileUnit::ticks},
      {Type::datetime, {0}, FileUnit::microseconds},
      {Type::datetime, {kTicksMax}, FileUnit::ticks},
      {Type::timespan, {1, -1, kTicksMaxAsNanoseconds}, FileUnit::nanoseconds},
      {Type::timespan, {INT64_MIN + 8}, FileUnit::microseconds},
      {Type::timespan, {INT64_MIN}, FileUnit::ticks},
  };
  for (const Case& one : cases) {
    TickRange range(one.type);
    for (const std::int64_t ticks : one.ticks) range.add(ticks);
    ASSERT_EQ(range.unit(), one.unit) << one.ticks.front();
    for (const std::int64_t ticks : one.ticks) {
      const std::int64_t count = convert_count(ticks, one.type, FileUnit::ticks, one.unit);
      EXPECT_EQ(convert_count(count, one.type, one.unit, FileUnit::ticks), ticks);
    }
  }
  EXPECT_EQ(convert_count(kTicksUnixEpoch - 1, Type::datetime, FileUnit::ticks, FileUnit::nanoseconds), -100);
  EXPECT_EQ(convert_count(0, Type::datetime, FileUnit::ticks, FileUnit::microseconds), -62'135'596'800'000'000);
  EXPECT_EQ(convert_count(-1000, Type::timespan, FileUnit::nanoseconds, FileUnit::microseconds), -1);
}

}  // namespace
}  // namespace wardian::columnar
