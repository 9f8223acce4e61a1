#include <gtest/gtest.h>

#include <string>

#include "wardian/kql/syntax/parser.h"
#include "wardian/kql/syntax/typed_literal.h"

namespace wardian::kql::syntax {
namespace {

using columnar::Type;
using columnar::Value;

constexpr std::int64_t kSecond = 10'000'000, kHour = 3600 * kSecond, kDay = 24 * kHour;

Value value_of(std::string_view text) {
  const Result<Expr> read = parse_scalar_expression(text);
  if (!read.ok()) {
    ADD_FAILURE() << text << ": " << read.error().message;
    return {};
  }
  const auto* literal = std::get_if<Literal>(&read->node);
  if (literal == nullptr) {
    ADD_FAILURE() << text << " is no literal";
    return {};
  }
  return literal->value;
}

TEST(Literal, HasTheTypeAndValueThatTheLanguageGivesIt) {
  struct Case {
    const char* text;
    Value value;
  };
  const Case cases[] = {
      {"12", {Type::int64, std::int64_t{12}}},
      {"0x1F", {Type::int64, std::int64_t{31}}},
      {"0xFFFFFFFFFFFFFFFF", {Type::int64, std::int64_t{-1}}},
      {"-9223372036854775808", {Type::int64, std::numeric_limits<std::int64_t>::min()}},
      {"int(5)", {Type::int32, std::int64_t{5}}},
      {"int(null)", {Type::int32, {}}},
      {"long( -7 )", {Type::int64, std::int64_t{-7}}},
      {"1.5e3", {Type::real, 1500.0}},
      {"real(-inf)", {Type::real, -std::numeric_limits<double>::infinity()}},
      {"double(1)", {Type::real, 1.0}},
      {"decimal(1.50e3)", {Type::decimal, std::string("1500")}},
      {"decimal(-0.00012)", {Type::decimal, std::string("-0.00012")}},
      {"true", {Type::boolean, true}},
      {"bool(0)", {Type::boolean, false}},
      {"bool(null)", {Type::boolean, {}}},
      {"1.5h", {Type::timespan, kHour * 3 / 2}},
      {"time(1.02:00:00)", {Type::timespan, kDay + 2 * kHour}},
      {"timespan(3)", {Type::timespan, 3 * kDay}},
      {"datetime(0001-01-02)", {Type::datetime, kDay}},
      {"datetime(0001-01-01T00:00:01.5Z)", {Type::datetime, kSecond * 3 / 2}},
      {"date(null)", {Type::datetime, {}}},
      {"guid(74BE27DE-1e4e-49d9-b579-fe0b331d3642)", {Type::guid, std::string("74be27de-1e4e-49d9-b579-fe0b331d3642")}},
      {"'a' \"b\" @'c\\'", {Type::string, std::string("abc\\")}},
      {"dynamic(null)", {Type::dynamic, {}}},
      {"dynamic({'a' : [1, -2.5, true, null, \"x\"], \"b\": {}})",
       {Type::dynamic, std::string(R"({"a":[1,-2.5,true,null,"x"],"b":{}})")}},
      {"dynamic([datetime(2020-01-01), 1d, long(5)])",
       {Type::dynamic, std::string(R"(["2020-01-01T00:00:00.0000000Z","1.00:00:00",5])")}},
      {"dynamic(\"a\\/b\")", {Type::dynamic, std::string("\"a/b\"")}},
  };
  for (const Case& c : cases) EXPECT_EQ(value_of(c.text), c.value) << c.text;
}

TEST(Literal, RefusesWhatIsNoValueOfTheType) {
  for (const char* text : {"int(3000000000)", "9223372036854775808", "guid(1)", "datetime(2020-13-01)", "bool(maybe)",
                           "decimal(1.2.3)", "long(x)", "timespan(1 fortnight)"}) {
    const Result<Expr> read = parse_scalar_expression(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().code, ErrorCode::bad_literal) << text;
  }
}

TEST(PlainDecimal, IsWithoutExponent) {
  EXPECT_EQ(plain_decimal("12.30"), "12.30");
  EXPECT_EQ(plain_decimal("1e2"), "100");
  EXPECT_EQ(plain_decimal("1.5e-3"), "0.0015");
  EXPECT_EQ(plain_decimal("-007"), "-7");
  EXPECT_EQ(plain_decimal("1234567890123456789012345678901234"), "1234567890123456789012345678901234");
  EXPECT_EQ(plain_decimal("12345678901234567890123456789012345"), "12345678901234567890123456789012345");
  EXPECT_EQ(plain_decimal("."), std::nullopt);
}

}  // namespace
}  // namespace wardian::kql::syntax
