#include "wardian/base/source_span.h"

#include <gtest/gtest.h>

namespace wardian {
namespace {

TEST(LineColumn, CountsCharactersNotBytes) {
  struct Case {
    std::string_view text;
    std::uint32_t offset, line, column;
  };
  for (const Case& each : {Case{"abc", 0, 1, 1}, Case{"abc", 2, 1, 3}, Case{"a\nbc", 3, 2, 2}, Case{"é = 1", 3, 1, 3},
                           Case{"abc", 99, 1, 4}, Case{"", 0, 1, 1}, Case{"a\r\nb", 3, 2, 1}}) {
    const LineColumn place = line_column(each.text, each.offset);
    EXPECT_EQ(place.line, each.line) << each.text;
    EXPECT_EQ(place.column, each.column) << each.text;
  }
}

}  // namespace
}  // namespace wardian
