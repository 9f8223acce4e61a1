#include "wardian/plan/lower.h"

#include <gtest/gtest.h>

#include "wardian/sqltree/printer.h"

namespace wardian::plan {
namespace {

using columnar::Schema;
using columnar::Type;
using columnar::Value;

ExprPtr column(std::uint32_t index, Type type, std::uint32_t input = 0) { return make_expr(ColumnRef{input, index}, type); }
ExprPtr number(std::int64_t value) { return make_expr(Constant{{Type::int64, value}}, Type::int64); }

NodePtr table(std::string name, Schema schema) {
  Scan scan;
  scan.path = {name};
  scan.label = name;
  for (const columnar::Column& each : schema) scan.columns.push_back(each.name);
  return make_node(std::move(scan), std::move(schema));
}

std::vector<Stage> lowered(const NodePtr& plan) {
  std::uint64_t next_stage = 0;
  Result<std::vector<Stage>> stages = lower(plan, next_stage);
  EXPECT_TRUE(stages.ok());
  return std::move(stages).value();
}

const Schema kSchema = {{"a", Type::int64}, {"s", Type::string}};

TEST(Lower, FilterOverTableReadsTheTableItself) {
  const ExprPtr above = make_expr(Call{">", {"wardian_greater", nullptr}, {column(0, Type::int64), number(1)}}, Type::boolean);
  const auto stages = lowered(make_node(Filter{table("T", kSchema), above}, kSchema));
  ASSERT_EQ(stages.size(), 1U);
  EXPECT_EQ(sqltree::print(*stages[0].input().query),
            R"(SELECT "t"."a", "t"."s" FROM "T" AS "t" WHERE wardian_greater("t"."a", CAST(1 AS BIGINT)))");
}

TEST(Lower, NamesThatDifferByCaseStayApart) {
  const Schema schema = {{"a", Type::int64}, {"A", Type::int64}};
  const NodePtr input = table("T", {{"x", Type::int64}});
  const auto stages = lowered(make_node(Project{input, {{"a", column(0, Type::int64)}, {"A", number(2)}}}, schema));
  EXPECT_EQ(sqltree::print(*stages[0].input().query), R"(SELECT "t"."x" AS "a", CAST(2 AS BIGINT) AS "A_2" FROM "T" AS "t")");
}

TEST(Lower, LimitJoinsTheSortBelowIt) {
  const NodePtr sorted = make_node(Sort{table("T", kSchema), {{column(0, Type::int64), true, false}}}, kSchema, true);
  const auto stages = lowered(make_node(Limit{sorted, number(5)}, kSchema, true));
  EXPECT_EQ(sqltree::print(*stages[0].input().query),
            R"(SELECT "t"."a", "t"."s" FROM "T" AS "t" ORDER BY "t"."a" DESC NULLS LAST LIMIT CAST(5 AS BIGINT))");
}

TEST(Lower, OuterJoinFillsStringsNotNumbers) {
  const NodePtr left = table("L", {{"k", Type::int64}});
  const NodePtr right = table("R", {{"k", Type::int64}, {"s", Type::string}});
  Join join{left, right, JoinKind::left_outer, {{column(0, Type::int64), column(0, Type::int64, 1)}}};
  const auto stages = lowered(make_node(std::move(join), {{"k", Type::int64}, {"k1", Type::int64}, {"s", Type::string}}));
  EXPECT_EQ(sqltree::print(*stages[0].input().query),
            R"(SELECT "l"."k", "r"."k" AS "k1", coalesce("r"."s", '') AS "s" FROM "L" AS "l" )"
            R"(LEFT JOIN "R" AS "r" ON "l"."k" = "r"."k")");
}

TEST(Lower, PythonCutsTheProgram) {
  PythonCall call;
  call.input = table("T", kSchema);
  call.script = "result = df";
  const NodePtr python = make_node(std::move(call), kSchema, true);
  const auto stages = lowered(make_node(Distinct{python}, kSchema));
  ASSERT_EQ(stages.size(), 2U);
  ASSERT_TRUE(stages[0].python.has_value());
  EXPECT_EQ(stages[0].output, "stage_0");
  EXPECT_EQ(sqltree::print(*stages[1].input().query),
            R"(SELECT DISTINCT "t"."c0", "t"."c1" FROM wardian_frame('stage_0') AS "t")");
}

TEST(Lower, ASharedTableIsComputedOnce) {
  const NodePtr shared = make_node(Shared{table("T", kSchema), "materialized", 7}, kSchema);
  const auto stages = lowered(make_node(Union{{shared, shared}}, kSchema));
  ASSERT_EQ(stages.size(), 2U);
  EXPECT_EQ(stages[0].output, "stage_0");
  EXPECT_EQ(lowered(make_node(Union{{shared}}, kSchema)).size(), 1U) << "used once, it is part of its query";
}

TEST(Lower, NullInMembershipListIsDropped) {
  const NodePtr list = table("L", {{"x", Type::int64}});
  const ExprPtr in = make_expr(InSubquery{column(0, Type::int64), list, false}, Type::boolean);
  const auto stages = lowered(make_node(Filter{table("T", {{"a", Type::int64}}), in}, {{"a", Type::int64}}));
  EXPECT_EQ(sqltree::print(*stages[0].input().query),
            R"(SELECT "t"."a" FROM "T" AS "t" WHERE "t"."a" IN (SELECT "t"."x" AS "value" FROM "L" AS "t" )"
            R"(WHERE "t"."x" IS NOT NULL))");
}

TEST(Lower, NullAmongNullsIsNullWhereItIsTold) {
  const NodePtr list = table("L", {{"x", Type::int64}});
  const ExprPtr in = make_expr(InSubquery{column(0, Type::int64), list, false}, Type::boolean);
  const auto stages = lowered(make_node(Project{table("T", {{"a", Type::int64}}), {{"b", in}}}, {{"b", Type::boolean}}));
  EXPECT_EQ(
      sqltree::print(*stages[0].input().query),
      R"(SELECT CASE WHEN "t"."a" IS NULL AND coalesce((SELECT bool_or("t"."x" IS NULL) AS "value" FROM "L" AS "t"), FALSE) )"
      R"(THEN NULL ELSE coalesce("t"."a" IN (SELECT "t"."x" AS "value" FROM "L" AS "t" WHERE "t"."x" IS NOT NULL), FALSE) END )"
      R"(AS "b" FROM "T" AS "t")");
}

TEST(Lower, ManyRowsAreCastByColumn) {
  const Rows rows{{{number(1), make_expr(Constant{{Type::string, std::string("x")}}, Type::string)},
                   {number(2), make_expr(Constant{{Type::string, std::string("y")}}, Type::string)}}};
  const auto stages = lowered(make_node(rows, kSchema));
  EXPECT_EQ(
      sqltree::print(*stages[0].input().query),
      R"(SELECT CAST("t"."a" AS BIGINT) AS "a", CAST("t"."s" AS VARCHAR) AS "s" FROM (VALUES (1, 'x'), (2, 'y')) AS "t"("a", "s"))");
}

}  // namespace
}  // namespace wardian::plan
