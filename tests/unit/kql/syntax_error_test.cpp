#include <gtest/gtest.h>

#include <string>

#include "wardian/kql/syntax/parser.h"

namespace wardian::kql::syntax {
namespace {

struct Case {
  const char* text;
  std::uint32_t begin;
  ErrorCode code;
  const char* message;
  const char* hint = "";
};

template <class T>
void expect_error(const Case& c, const Result<T>& result) {
  ASSERT_FALSE(result.ok()) << c.text;
  EXPECT_EQ(result.error().message, c.message) << c.text;
  EXPECT_EQ(result.error().code, c.code) << c.text;
  ASSERT_TRUE(result.error().span.has_value()) << c.text;
  EXPECT_EQ(result.error().span->begin, c.begin) << c.text;
  if (*c.hint != '\0') {
    EXPECT_EQ(result.error().hint, c.hint) << c.text;
  }
}

TEST(SyntaxError, StandsAtTheExactPlaceAndSaysWhatToDo) {
  constexpr auto syntax = ErrorCode::syntax;
  const Case cases[] = {
      {"print (1", 8, syntax, "Expected: )"},
      {"print f(1 2)", 10, syntax, "Expected: ,"},
      {"print 1 +", 9, syntax, "Missing expression"},
      {"print a=1, , b=2", 11, syntax, "Missing expression"},
      {"datatable(a:long)[1,\n2\n3]", 22, syntax, "Expected: ,"},
      {"T | where a = 1", 12, syntax, "Unexpected: =", "Use == to compare"},
      {"T where a", 2, syntax, "Expected: |", "A | is missing before where?"},
      {"T | Where a", 4, ErrorCode::unknown_operator, "Unknown operator: Where", "Operators are written in lower case: where"},
      {"T | sumarize count()", 4, ErrorCode::unknown_operator, "Unknown operator: sumarize", "Did you mean summarize?"},
      {"T | select a", 4, ErrorCode::unknown_operator, "Unknown operator: select",
       "Use project to choose columns, where to choose rows"},
      {"Print 1", 0, ErrorCode::unknown_operator, "Unknown operator: Print", "Keywords are written in lower case: print"},
      {"select * from T", 0, ErrorCode::unknown_operator, "Unknown operator: select",
       "A query begins with its table: T | where … | project …"},
      {"T || count", 3, syntax, "Missing operator", "One | is enough; conditions are joined by the word or"},
      {"| count", 0, syntax, "Missing table"},
      {"T |", 3, syntax, "Missing operator"},
      {"T | where a && b", 12, syntax, "Unexpected character: &", "Use the word and"},
      {"T | where !a", 10, syntax, "Missing expression"},
      {"T | where a == 1 == 2", 17, syntax, "Unexpected: =="},
      {"T | where a between (1, 2)", 22, syntax, "Expected: ..", "The form is: x between (low .. high)"},
      {"T | where a in 1", 15, syntax, "Expected: ("},
      {"T | join (U) on a = b", 18, syntax, "Unexpected: =", "Use == to compare: on $left.a == $right.b"},
      {"print 'abc", 10, ErrorCode::unclosed, "Missing ': the string does not end on its line"},
      {"print datetime(2020-01-01", 25, syntax, "Expected: )"},
      {"print dynamic([1, , 2])", 18, syntax, "Missing JSON value"},
      {"print dynamic({a: 1})", 15, syntax, "Missing key: a string in quotes"},
      {"datatable(a:lnog)[]", 12, ErrorCode::unknown_type, "Unknown type: lnog", "Did you mean long?"},
      {"range x from 1 to 5", 19, syntax, "Expected: step"},
      {"print 1))", 7, syntax, "Unexpected: )"},
      {"print 1;;", 8, syntax, "Missing expression"},
      {"print \u201Cx\u201D", 6, syntax, "Unexpected character: \u201C", "Use straight quotes: \" or '"},
      {"let f = () { print 1; print 2 }; f", 13, syntax, "A function has one result: only its last statement may be a query"},
      {"let T = datatabl(a:long)[1, 2]; T", 8, ErrorCode::unknown_operator, "Unknown operator: datatabl",
       "Did you mean datatable?"},
      {".show tables", 0, syntax, "Unexpected: ."},
  };
  for (const Case& c : cases) expect_error(c, parse_query(c.text));
}

TEST(SyntaxError, OfCommands) {
  const Case cases[] = {
      {".shw tables", 1, ErrorCode::unknown_operator, "Unknown command: .shw", "Did you mean show?"},
      {".show tables (a", 15, ErrorCode::unclosed, "Missing )"},
      {".set T <| print (1", 18, ErrorCode::syntax, "Expected: )"},
      {".show tables | Count", 15, ErrorCode::unknown_operator, "Unknown operator: Count"},
      {".create function f(x:lnog) { x }", 21, ErrorCode::unknown_type, "Unknown type: lnog"},
      {".create function f(x:long) { x + }", 33, ErrorCode::syntax, "Missing expression"},
      {"show tables", 0, ErrorCode::syntax, "Expected: a command"},
  };
  for (const Case& c : cases) expect_error(c, parse_command(c.text));
}

TEST(SyntaxLimit, IsAnErrorNotAnEndOfTheProcess) {
  const auto repeated = [](std::string_view part, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) text += part;
    return text;
  };
  const auto nested = [&](std::size_t depth) { return "print " + repeated("(", depth) + "1" + repeated(")", depth); };
  EXPECT_TRUE(parse_query(nested(kNestingDepthMax)).ok());
  EXPECT_EQ(parse_query(nested(kNestingDepthMax + 1)).error().code, ErrorCode::too_deep);
  for (std::string_view part : {"(", "-", "f(", "a[", "x in (", "not(", "print dynamic([", "toscalar(T | where ", "T | join (",
                                "let f = () { ", "a between (", "a.[", "entity_group [", "T | mv-apply a on (fork ("}) {
    EXPECT_FALSE(parse_query(repeated(part, 10'000)).ok()) << part;
    EXPECT_FALSE(parse_query("print " + repeated(part, 10'000)).ok()) << part;
  }
  EXPECT_TRUE(parse_query("print 1" + repeated(" + 1", kTreeHeightMax - 2)).ok());
  EXPECT_EQ(parse_query("print 1" + repeated(" + 1", kTreeHeightMax)).error().code, ErrorCode::too_deep);
  EXPECT_TRUE(parse_query("print a" + repeated(" or a", 20'000)).ok());
  EXPECT_TRUE(parse_query("T" + repeated(" | count", 20'000)).ok());
  EXPECT_EQ(parse_query(std::string(kQueryTextBytesMax + 1, ' ')).error().code, ErrorCode::text_too_long);
}

}  // namespace
}  // namespace wardian::kql::syntax
