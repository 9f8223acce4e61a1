#include "wardian/sqltree/printer.h"

#include <gtest/gtest.h>

#include <limits>

#include "wardian/sqltree/build.h"

namespace wardian::sqltree {
namespace {

struct Case {
  const char* what;
  ExprPtr expr;
  const char* sql;
};

class PrintedExpression : public testing::TestWithParam<Case> {};

TEST_P(PrintedExpression, IsAsExpected) { EXPECT_EQ(print(*GetParam().expr), GetParam().sql) << GetParam().what; }

const ExprPtr a = column("a");
const ExprPtr b = column("b");
const ExprPtr c = column("c");

INSTANTIATE_TEST_SUITE_P(
    All, PrintedExpression,
    testing::Values(
        Case{"names are always quoted", column("t", "we \"quote\""), R"("t"."we ""quote""")"},
        Case{"quotes in strings are doubled", string("it's"), "'it''s'"},
        Case{"a NUL byte is spliced", string(std::string("a\0b", 3)), "'a' || chr(0) || 'b'"},
        Case{"a spliced string as an operand", binary("=", a, string(std::string("\0", 1))), R"("a" = '' || chr(0) || '')"},
        Case{"sum inside product", binary("*", binary("+", a, b), c), R"(("a" + "b") * "c")"},
        Case{"product inside sum", binary("+", binary("*", a, b), c), R"("a" * "b" + "c")"},
        Case{"left-deep difference", binary("-", binary("-", a, b), c), R"("a" - "b" - "c")"},
        Case{"right-deep difference", binary("-", a, binary("-", b, c)), R"("a" - ("b" - "c"))"},
        Case{"a chain of AND", binary("AND", binary("AND", a, b), c), R"("a" AND "b" AND "c")"},
        Case{"OR inside AND", binary("AND", binary("OR", a, b), c), R"(("a" OR "b") AND "c")"},
        Case{"comparison of comparisons", binary("=", binary("=", a, b), c), R"(("a" = "b") = "c")"},
        Case{"NOT over OR", logical_not(binary("OR", a, b)), R"(NOT ("a" OR "b"))"},
        Case{"NOT inside comparison", binary("=", logical_not(a), b), R"((NOT "a") = "b")"},
        Case{"minus of a negative literal", negate(integer(-1)), "-(-1)"},
        Case{"difference with a negative literal", binary("-", a, integer(-1)), R"("a" - -1)"},
        Case{"least integer", cast(integer(std::numeric_limits<std::int64_t>::min()), "BIGINT"),
             "CAST(-9223372036854775808 AS BIGINT)"},
        Case{"reals carry an exponent", real(1.5), "1.5e+00"},
        Case{"not a number", real(std::numeric_limits<double>::quiet_NaN()), "CAST('NaN' AS DOUBLE)"},
        Case{"infinity", real(-std::numeric_limits<double>::infinity()), "CAST('-Infinity' AS DOUBLE)"},
        Case{"is null of a sum", is_null(binary("+", a, b)), R"("a" + "b" IS NULL)"},
        Case{"is null of a comparison", is_null(binary("=", a, b)), R"("a" = "b" IS NULL)"},
        Case{"is null of an AND", is_null(binary("AND", a, b)), R"(("a" AND "b") IS NULL)"},
        Case{"case", if_else(a, b, c), R"(CASE WHEN "a" THEN "b" ELSE "c" END)"},
        Case{"lambda", call("list_transform", {a, make(Lambda{{"e"}, column("e")})}), R"(list_transform("a", lambda "e": "e"))"},
        Case{"window", make(Window{call("sum", {a}), {b}, {{c, true, Nulls::last}}, "ROWS UNBOUNDED PRECEDING"}),
             R"(sum("a") OVER (PARTITION BY "b" ORDER BY "c" DESC NULLS LAST ROWS UNBOUNDED PRECEDING))"},
        Case{"an operator nobody listed", binary("@@", binary("+", a, b), c), R"(("a" + "b") @@ "c")"}));

TEST(PrintedQuery, ClausesComeInOrder) {
  Select select;
  select.items = {{column("t", "a"), "a"}, {call("count", {make(Star{})}), "n"}};
  select.from = std::make_shared<const TableRef>(TableRef{NamedTable{{"main", "T"}, "t"}});
  select.where = binary(">", column("t", "a"), integer(1));
  select.group_by = {integer(1)};
  const Query query{select, {{column("n"), true, Nulls::first}}, integer(3)};
  EXPECT_EQ(print(query), R"(SELECT "t"."a", count(*) AS "n" FROM "main"."T" AS "t" WHERE "t"."a" > 1 GROUP BY 1 )"
                          R"(ORDER BY "n" DESC NULLS FIRST LIMIT 3)");
}

}  // namespace
}  // namespace wardian::sqltree
