#include "wardian/plan/stored_bounds.h"

#include <gtest/gtest.h>

#include "wardian/sqltree/printer.h"

namespace wardian::plan {
namespace {

using columnar::Type;
using columnar::Value;

constexpr std::int64_t kTicks2024 = 638'396'640'000'000'000;  // 2024-01-01, by Python's datetime

/// The bound as SQL, "" where the stored column cannot say it.
std::string over(const std::string& op, std::vector<Value> values, const std::string& type) {
  const sqltree::ExprPtr made = over_stored({0, op, std::move(values)}, {"r0", type}, "t");
  return made == nullptr ? "" : sqltree::print(*made);
}

TEST(StoredBounds, KeepEveryRowThatMeetsTheDemand) {
  const std::vector<Value> day{{Type::datetime, kTicks2024 + 5}};
  const std::string column = "\"t\".\"r0\" ", from = ">= CAST('2024-01-01 00:00:00.", to = "<= CAST('2024-01-01 00:00:00.";
  EXPECT_EQ(over(">=", day, "TIMESTAMP_NS"), column + from + "000000500' AS TIMESTAMP_NS)");
  EXPECT_EQ(over(">", day, "TIMESTAMP_NS"), column + from + "000000500' AS TIMESTAMP_NS)");
  EXPECT_EQ(over("<=", day, "TIMESTAMP_NS"), column + "< CAST('2024-01-01 00:00:00.000000600' AS TIMESTAMP_NS)");
  // Microseconds are rounded down.
  EXPECT_EQ(over(">=", day, "TIMESTAMP"), column + from + "000000' AS TIMESTAMP)");
  EXPECT_EQ(over("<", day, "TIMESTAMP"), column + to + "000000' AS TIMESTAMP)");
  EXPECT_EQ(over("<", day, "TIMESTAMP WITH TIME ZONE"), column + to + "000000+00' AS TIMESTAMP WITH TIME ZONE)");
  EXPECT_EQ(over(">", day, "DATE"), column + ">= CAST('2024-01-01' AS DATE)");
  EXPECT_EQ(over("==", day, "DATE"), column + ">= CAST('2024-01-01' AS DATE) AND " + column + "<= CAST('2024-01-01' AS DATE)");
}

TEST(StoredBounds, SayNothingOfWhatTheTypeCannotHold) {
  const std::vector<Value> old{{Type::datetime, std::int64_t{0}}};
  EXPECT_EQ(over(">=", old, "TIMESTAMP_NS"), "");
  EXPECT_NE(over(">=", old, "TIMESTAMP"), "");
  EXPECT_EQ(over("==", {{Type::string, std::string("a")}}, "TIMESTAMP"), "");
  EXPECT_EQ(over("==", {{Type::string, std::string("a")}}, "VARCHAR"), "\"t\".\"r0\" = 'a'");
}

ExprPtr column(std::uint32_t index, Type type) { return make_expr(ColumnRef{0, index}, type); }
ExprPtr constant(Value value) {
  const Type type = value.type;
  return make_expr(Constant{std::move(value)}, type);
}
ExprPtr call(std::string_view name, std::vector<ExprPtr> arguments) {
  return make_expr(Call{name, {}, std::move(arguments)}, Type::boolean);
}

TEST(StoredBounds, AreThoseOfEveryPartThatMustHold) {
  const ExprPtr day = constant({Type::datetime, kTicks2024});
  const ExprPtr after = call("<", {day, column(2, Type::datetime)});
  const ExprPtr text = call("in", {column(1, Type::string), constant({Type::string, std::string("a")})});
  const ExprPtr empty = call("==", {column(1, Type::string), constant({Type::string, std::string()})});  // a null is one, too
  const ExprPtr either = call("or", {after, text});
  const auto found = stored_bounds(*call("and", {call("and", {after, empty}), call("and", {text, either})}));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].column, 2U);
  EXPECT_EQ(found[0].op, ">");
  EXPECT_EQ(found[1].column, 1U);
  EXPECT_EQ(found[1].op, "==");
}

}  // namespace
}  // namespace wardian::plan
