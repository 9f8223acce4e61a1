#include "wardian/kql/overload.h"

#include <gtest/gtest.h>

namespace wardian::kql {
namespace {

using columnar::Type;

struct Case {
  const char* name;
  std::vector<const char*> rows;
  std::vector<Type> arguments;
  int row;  // -1: none
  std::vector<Type> converted;
  Type result;
};

void check(std::span<const Case> cases, DynamicAs dynamic) {
  for (const Case& test : cases) {
    std::vector<Signature> parsed;
    for (const char* row : test.rows) parsed.push_back(*parse_signature(row));
    std::vector<const Signature*> rows;
    for (const Signature& row : parsed) rows.push_back(&row);
    const auto chosen = choose_overload(rows, test.arguments, dynamic);
    const auto* overload = std::get_if<Overload>(&chosen);
    ASSERT_EQ(overload != nullptr, test.row >= 0) << test.name;
    if (overload == nullptr) continue;
    EXPECT_EQ(overload->row, static_cast<std::size_t>(test.row)) << test.name;
    EXPECT_EQ(overload->arguments, test.converted) << test.name;
    EXPECT_EQ(overload->result, test.result) << test.name;
  }
}

TEST(Overload, TakesTheFirstRowThatFits) {
  const std::vector<const char*> sum{"(a: long, b: long) -> long", "(a: real, b: real) -> real",
                                     "(a: datetime, b: timespan) -> datetime", "(a: dynamic, b: dynamic) -> dynamic"};
  const std::vector<const char*> max{"(a: T, rest: T...) -> T"};
  const Case cases[] = {
      {"as it is", sum, {Type::real, Type::real}, 1, {Type::real, Type::real}, Type::real},
      {"int widens", sum, {Type::int32, Type::int32}, 0, {Type::int64, Type::int64}, Type::int64},
      {"long meets real", sum, {Type::int64, Type::real}, 1, {Type::real, Type::real}, Type::real},
      {"two dynamics stay", sum, {Type::dynamic, Type::dynamic}, 3, {Type::dynamic, Type::dynamic}, Type::dynamic},
      {"dynamic gives way", sum, {Type::dynamic, Type::real}, 1, {Type::real, Type::real}, Type::real},
      {"dynamic with a timespan", sum, {Type::dynamic, Type::timespan}, 2, {Type::datetime, Type::timespan}, Type::datetime},
      {"no row", sum, {Type::string, Type::int64}, -1, {}, Type::dynamic},
      {"too few", sum, {Type::int64}, -1, {}, Type::dynamic},
      {"one variable", max, {Type::int32, Type::real, Type::int64}, 0, {Type::real, Type::real, Type::real}, Type::real},
      {"variables that differ", max, {Type::int64, Type::string}, -1, {}, Type::dynamic},
  };
  check(cases, DynamicAs::anything);
}

TEST(Overload, AggregatesTakeDynamicForNothingElse) {
  const Signature real = *parse_signature("(a: real) -> real"), family = *parse_signature("(a: S) -> S"),
                  hashed = *parse_signature("(a: H) -> H"), ordered = *parse_signature("(a: O) -> O"),
                  plain = *parse_signature("(a: D) -> D"), any = *parse_signature("(a: any) -> long");
  const auto takes = [](const Signature& row, Type type) {
    const Signature* const rows[] = {&row};
    const auto chosen = choose_overload(rows, std::vector<Type>{type}, DynamicAs::itself);
    return std::holds_alternative<Overload>(chosen);
  };
  EXPECT_TRUE(takes(real, Type::int32));
  EXPECT_TRUE(takes(real, Type::decimal));
  EXPECT_FALSE(takes(real, Type::dynamic));
  EXPECT_FALSE(takes(family, Type::dynamic));
  EXPECT_TRUE(takes(family, Type::datetime));
  EXPECT_TRUE(takes(hashed, Type::dynamic));
  EXPECT_FALSE(takes(hashed, Type::real));
  EXPECT_FALSE(takes(hashed, Type::boolean));
  EXPECT_TRUE(takes(ordered, Type::boolean));
  EXPECT_FALSE(takes(ordered, Type::guid));
  EXPECT_FALSE(takes(plain, Type::dynamic));
  EXPECT_TRUE(takes(plain, Type::guid));
  EXPECT_TRUE(takes(any, Type::dynamic));
}

TEST(Overload, SaysWhatIsWrong) {
  const Signature row = *parse_signature("(a: string, n: long) -> string");
  const Signature* const rows[] = {&row};
  const std::vector<Type> given{Type::string, Type::string};
  const auto chosen = choose_overload(rows, given, DynamicAs::text);
  const auto* why = std::get_if<NoOverload>(&chosen);
  ASSERT_NE(why, nullptr);
  EXPECT_FALSE(why->wrong_count);
  EXPECT_EQ(why->argument, 1u);
  EXPECT_EQ(describe(why->expected), "long");
}

TEST(Overload, FunctionsTakeDynamicAsTextOnly) {
  const Case cases[] = {
      {"text", {"(a: string) -> long"}, {Type::dynamic}, 0, {Type::string}, Type::int64},
      {"no number", {"(a: real) -> real"}, {Type::dynamic}, -1, {}, Type::dynamic},
      {"number or text", {"(a: real) -> real", "(a: string) -> string"}, {Type::dynamic}, 1, {Type::string}, Type::string},
      {"one of both", {"(a: text) -> long"}, {Type::dynamic}, 0, {Type::dynamic}, Type::int64},
      {"not dynamic", {"(a: plain) -> long"}, {Type::dynamic}, -1, {}, Type::dynamic},
      {"no common type", {"(a: T, rest: T...) -> T"}, {Type::dynamic, Type::int64}, -1, {}, Type::dynamic},
      {"real, no decimal", {"(a: float) -> bool"}, {Type::decimal}, -1, {}, Type::dynamic},
      {"a whole number as real", {"(a: float) -> bool"}, {Type::int64}, 0, {Type::real}, Type::boolean},
      {"up to three",
       {"(a: any, rest: any...2) -> long"},
       {Type::int64, Type::int64, Type::int64, Type::int64},
       -1,
       {},
       Type::dynamic},
  };
  check(cases, DynamicAs::text);
}

}  // namespace
}  // namespace wardian::kql
