#include "wardian/base/error_list.h"

#include <gtest/gtest.h>

namespace wardian {
namespace {

Error at(std::uint32_t begin, std::uint32_t end, std::string message) {
  return {ErrorCode::syntax, std::move(message), SourceSpan{begin, end}, {}};
}

TEST(ErrorList, TellsTheFirstByPlaceWithTheOthersBehindIt) {
  ErrorList list;
  list.add({ErrorCode::bad_argument, "nowhere", {}, {}});
  list.add(at(9, 12, "c"));
  list.add(at(1, 2, "a"));
  list.add(at(1, 5, "b"));
  const Error first = std::move(list).joined();
  EXPECT_EQ(first.message, "a");
  ASSERT_EQ(first.further.size(), 3U);
  EXPECT_EQ(first.further[0].message, "b");
  EXPECT_EQ(first.further[1].message, "c");
  EXPECT_EQ(first.further[2].message, "nowhere");
}

TEST(ErrorList, KeepsOneOfAPlace) {
  ErrorList list;
  list.add(at(1, 2, "a"));
  list.add(at(1, 2, "what follows from it"));
  EXPECT_TRUE(std::move(list).joined().further.empty());
}

TEST(ErrorList, TakesJoinedErrorsApart) {
  ErrorList inner;
  inner.add(at(7, 8, "b"));
  inner.add(at(3, 4, "a"));
  ErrorList list;
  list.add(at(5, 6, "between"));
  list.add(std::move(inner).joined());
  const Error first = std::move(list).joined();
  EXPECT_EQ(first.message, "a");
  ASSERT_EQ(first.further.size(), 2U);
  EXPECT_EQ(first.further[0].message, "between");
  for (const Error& each : first.further) EXPECT_TRUE(each.further.empty());
}

TEST(ErrorList, HoldsSoManyAndNoMore) {
  ErrorList list;
  for (std::uint32_t begin = 0; begin < 50; ++begin) {
    EXPECT_EQ(list.full(), begin >= ErrorList::kMost);
    list.add(at(begin, begin + 1, "x"));
  }
  EXPECT_EQ(std::move(list).joined().further.size(), ErrorList::kMost - 1);
}

}  // namespace
}  // namespace wardian
