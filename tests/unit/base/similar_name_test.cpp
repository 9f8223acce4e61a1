#include "wardian/base/similar_name.h"

#include <gtest/gtest.h>

namespace wardian {
namespace {

constexpr std::string_view kNames[] = {"strlen", "summarize", "where", "x"};

TEST(SimilarName, FindsWhatWasMeant) {
  struct Case {
    std::string_view typed, meant;
  };
  for (const Case& each : {Case{"strlenn", "strlen"}, Case{"sumarize", "summarize"}, Case{"WHERE", "where"},
                           Case{"wehre", "where"}, Case{"completely_different", ""}, Case{"", ""}}) {
    EXPECT_EQ(similar_name(each.typed, kNames), each.meant) << each.typed;
  }
  EXPECT_EQ(did_you_mean("strlenn", kNames), "Did you mean strlen?");
  EXPECT_EQ(did_you_mean("nothing_like_it", kNames), "");
}

TEST(SimilarName, GivesUpOnEndlessNames) { EXPECT_EQ(similar_name(std::string(100'000, 'x'), kNames), ""); }

}  // namespace
}  // namespace wardian
