#include "wardian/kernels/json_text.h"

#include <gtest/gtest.h>

namespace wardian::kernels {
namespace {

struct Case {
  std::string_view text, canonical;
};  // canonical empty: no JSON

constexpr Case kCases[] = {
    {" { \"a\" : [ 1 , 2.50 , -3e5 , true , null ] } ", "{\"a\":[1,2.50,-3e5,true,null]}"},
    {"{'a':'it\"s'}", "{\"a\":\"it\\\"s\"}"},
    {"\"\\u0041\\n\\ud83d\\ude00\"", "\"A\\n\xF0\x9F\x98\x80\""},
    {"[]", "[]"},
    {"{}", "{}"},
    {"123456789012345678901234567890", "123456789012345678901234567890"},
    {"[1,]", ""},
    {"[1 2]", ""},
    {"{\"a\"}", ""},
    {"{a:1}", ""},
    {"01", ""},
    {"1.", ""},
    {"nul", ""},
    {"\"abc", ""},
    {"[", ""},
    {"", ""},
    {"1 2", ""},
};

TEST(JsonText, IsMadeCanonical) {
  for (const Case& c : kCases) {
    std::string out;
    EXPECT_EQ(append_canonical_json(out, c.text), !c.canonical.empty()) << c.text;
    EXPECT_EQ(out, c.canonical) << c.text;
  }
}

TEST(JsonText, NestingIsBounded) {
  std::string out;
  EXPECT_TRUE(append_canonical_json(out, std::string(kJsonDepthMax, '[') + std::string(kJsonDepthMax, ']')));
  EXPECT_FALSE(append_canonical_json(out, std::string(kJsonDepthMax + 1, '[') + std::string(kJsonDepthMax + 1, ']')));
}

TEST(JsonText, PathsFindOrMiss) {
  const std::string_view json = R"({"a":{"b":[10,"x",null]},"c\"d":1})";
  EXPECT_EQ(json_member(json, "a"), R"({"b":[10,"x",null]})");
  EXPECT_EQ(json_member(json, "c\"d"), "1");
  EXPECT_EQ(json_member(json, "z"), std::nullopt);
  const std::string_view array = *json_member(*json_member(json, "a"), "b");
  EXPECT_EQ(json_element(array, 0), "10");
  EXPECT_EQ(json_element(array, -2), "\"x\"");
  EXPECT_EQ(json_element(array, 2), std::nullopt);
  EXPECT_EQ(json_element(array, -4), std::nullopt);
  EXPECT_EQ(json_element(json, 0), std::nullopt);
}

TEST(JsonText, BrokenTextStaysWithinBounds) {
  for (std::string_view broken : {"[1,\"", "{\"a\":", "{\"a", "[[[", "{:", "[,,", "\"\\"}) {
    for (std::size_t size = 0; size <= broken.size(); ++size) {
      JsonWalk walk(broken.substr(0, size));
      int steps = 0;
      while (walk.next() && steps < 10) ++steps;
      EXPECT_LT(steps, 10);
    }
  }
}

}  // namespace
}  // namespace wardian::kernels
