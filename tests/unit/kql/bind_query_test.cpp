#include "wardian/kql/bind.h"

#include <gtest/gtest.h>

#include "wardian/kql/syntax/parser.h"

/// What columns a query gives and where a wrong one is refused. The answers are those of the language's own service
/// (npm package @kusto/language-service-next), asked for the same text.
namespace wardian::kql {
namespace {

using columnar::Type;

class TwoTables : public Tables {
 public:
  std::string default_database() const override { return "default"; }
  Result<std::optional<plan::NodePtr>> find(std::string_view, std::string_view name) override {
    if (name == "T") return std::optional(scan("T", {{"a", Type::int64}, {"d", Type::dynamic}, {"s", Type::string}}));
    if (name == "U") return std::optional(scan("U", {{"a", Type::string}, {"b", Type::int64}, {"a1", Type::real}}));
    return std::optional<plan::NodePtr>();
  }
  Result<std::optional<StoredFunction>> function(std::string_view, std::string_view name) override {
    if (name == "stored") return std::optional(StoredFunction{"(x: long = 2)", "{ T | where a > x }"});
    if (name == "endless") return std::optional(StoredFunction{"()", "{ endless() }"});
    return std::optional<StoredFunction>();
  }
  std::vector<std::string> table_names(std::string_view) override { return {"T", "U"}; }
  std::vector<std::string> function_names(std::string_view) override { return {"stored", "endless"}; }

 private:
  static plan::NodePtr scan(std::string name, columnar::Schema schema) {
    std::vector<std::string> columns;
    for (const columnar::Column& column : schema) columns.push_back(column.name);
    return plan::make_node(plan::Scan{{name}, std::move(columns), name}, std::move(schema));
  }
};

Result<BoundQuery> bound(std::string_view text) {
  WARDIAN_ASSIGN(const syntax::QueryTree tree, syntax::parse_query(text));
  TwoTables tables;
  BindContext context;
  context.tables = &tables;
  context.text = text;
  return bind_query(tree, context);
}

std::string columns_of(const plan::Node& node) {
  std::string made;
  for (const columnar::Column& column : node.schema) {
    made += (made.empty() ? "" : " ") + column.name + ":" + std::string(columnar::type_name(column.type));
  }
  return made;
}

TEST(BindQuery, GivesTheColumnsOfTheLanguage) {
  struct Case {
    const char *query, *columns;
  };
  const Case cases[] = {
      {"print 1, 2, x=3, 4+5, strlen('a')", "print_0:long print_1:long x:long print_3:long print_4:long"},
      {"T | project a, d.x, d.x.y, d['k'], d[0], a+1, -a, tostring(d.x), tolong(d.x), not(a==1)",
       "a:long d_x:dynamic d_x_y:dynamic d_k:dynamic d_0:dynamic Column1:long Column2:long d_x1:string d_x2:long "
       "Column3:bool"},
      {"T | extend a+1, a*2, strcat(s,'x')", "a:long d:dynamic s:string Column1:long Column2:long Column3:string"},
      {"T | extend tolong(s), strlen(s)", "a:long d:dynamic s:long strlen_s:long"},
      {"T | summarize sum(a), sum(a+1), sum(a)+1, count(), dcount(s), percentiles(a,5,50.5) by bin(a,10), strlen(s)",
       "a:long strlen_s:long sum_a:long sum_:long Column1:long count_:long dcount_s:long percentile_a_5:long "
       "percentile_a_50_5:long"},
      {"T | summarize arg_max(a,s), arg_min(a, d, x=s) by k=s", "k:string a:long s:string a1:long d:dynamic x:string"},
      {"T | summarize arg_max(a,*) by s", "s:string a:long d:dynamic"},
      {"T | summarize (x,y)=arg_max(a,s), (p,q)=percentiles(a,5,50), count(), z=arg_max(a,s)",
       "x:long y:string p:long q:long count_:long z:long s:string"},
      {"T | summarize take_any(*), sum(a), sum(a)", "a:long d:dynamic s:string sum_a:long sum_a1:long"},
      {"T | summarize count_=sum(a), count() by s", "s:string count_:long count_1:long"},
      {"T | summarize sum(a) by sum_a=s", "sum_a:string sum_a1:long"},
      {"T | summarize by s, a+1", "s:string Column1:long"},
      {"T | join (T | project a, c=s) on a", "a:long d:dynamic s:string a1:long c:string"},
      {"print a='x', b=1 | join kind=leftouter U on a", "a:string b:long a2:string b1:long a1:real"},
      {"U | join kind=leftsemi (U) on a", "a:string b:long a1:real"},
      {"U | join kind=rightanti (T) on $left.a == $right.s", "a:long d:dynamic s:string"},
      {"T | lookup U on $left.s == $right.a", "a:long d:dynamic s:string b:long a1:real"},
      {"union T, U", "a_long:long a_string:string d:dynamic s:string b:long a1:real"},
      {"union withsource=src (print a=1), (print b=2)", "src:string a:long b:long"},
      {"union kind=inner (print a=1, b=2), (print b=3)", "b:long"},
      {"T | mv-expand with_itemindex=i x=d to typeof(long), d.z", "a:long d:dynamic s:string x:long d_z:dynamic i:long"},
      {"T | count", "Count:long"},
      {"T | getschema", "ColumnName:string ColumnOrdinal:long DataType:string ColumnType:string"},
      {"T | top 3 by a+1 | project-rename z=a | project-reorder s, *", "s:string z:long d:dynamic"},
      {"T | project-away d*", "a:long s:string"},
      {"T | serialize r=row_number(), prev(a)", "a:long d:dynamic s:string r:long Column1:long"},
      {"T | evaluate python(typeof(*, z:real), 'result = df')", "a:long d:dynamic s:string z:real"},
      {"T | extend x = iff(s=='', s, d), y = iff(a==1, dynamic(null), 5), case(s=='', 1, 2.5)",
       "a:long d:dynamic s:string x:string y:long Column1:real"},
      {"range x from 1 to 10.5 step 2", "x:real"},
      {"range x from datetime(2020-01-01) to datetime(2020-01-02) step 1h", "x:datetime"},
      {"print x = int(1) + int(2), y = 1h * 2, z = 1h / 1h, w = dynamic(1) + 1.5, v = datetime(2020-01-01) - 1h",
       "x:long y:timespan z:real w:real v:datetime"},
      {"stored(3) | project a", "a:long"},
      {"let f = (n: (*), k: long = 2) { n | where a > k }; T | invoke f(k = 5) | take 1", "a:long d:dynamic s:string"},
      {"let f = (x: long, y: long) { x * y }; T | extend f(a, 2)", "a:long d:dynamic s:string Column1:long"},
      {"let x = toscalar(T | summarize max(a)); T | where a == x | project a", "a:long"},
      {"T | make-series avg(a), c=count() default=5, sum(a*2) on a from 1 to 5 step 1 by s, x=strlen(s)",
       "s:string x:long avg_a:dynamic c:dynamic sum_:dynamic a:dynamic"},
      {"T | parse s with 'n=' n: long ',' rest | project-away d", "a:long s:string n:long rest:string"},
      {"T | as V | union V", "a:long d:dynamic s:string"},
      {"datatable(d: dynamic)[dynamic(null)] | evaluate bag_unpack(d) : (*, n: long)", "n:long"},
  };
  for (const Case& test : cases) {
    const Result<BoundQuery> made = bound(test.query);
    ASSERT_TRUE(made.ok()) << test.query << "\n" << made.error().message;
    EXPECT_EQ(columns_of(*made->statements.back().table), test.columns) << test.query;
  }
}

TEST(BindQuery, RefusesAtTheRightPlace) {
  struct Case {
    const char* query;
    ErrorCode code;
    std::uint32_t begin;
  };
  const Case cases[] = {
      {"print foo", ErrorCode::unknown_name, 6},
      {"print foo(1)", ErrorCode::unknown_function, 6},
      {"V | take 5", ErrorCode::unknown_table, 0},
      {"T | where a", ErrorCode::type_mismatch, 10},
      {"T | where foo == 1", ErrorCode::unknown_name, 10},
      {"T | summarize sum(b)", ErrorCode::unknown_name, 18},
      {"T | extend sum(a)", ErrorCode::wrong_context, 11},
      {"T | extend x = 1 + 'b'", ErrorCode::type_mismatch, 17},
      {"T | where a has 'x'", ErrorCode::type_mismatch, 12},
      {"print isnull(1, 2)", ErrorCode::argument_count, 6},
      {"print iff(1h, 2, 3)", ErrorCode::type_mismatch, 10},
      {"print a=1, a=2", ErrorCode::duplicate_name, 11},
      {"T | project a, a", ErrorCode::duplicate_name, 15},
      {"T | project-rename s=a", ErrorCode::duplicate_name, 19},
      {"T | project-away zz", ErrorCode::unknown_name, 17},
      {"T | join (U) on b", ErrorCode::unknown_name, 16},
      {"datatable(a:long, b:string)[1, 'x', 2]", ErrorCode::argument_count, 28},
      {"T | project-away *", ErrorCode::bad_argument, 4},
      {"T | summarize count() by d", ErrorCode::type_mismatch, 25},
      {"T | summarize a by s", ErrorCode::wrong_context, 14},
      {"T | take 'a'", ErrorCode::type_mismatch, 9},
      {"T | mv-expand a", ErrorCode::type_mismatch, 14},
      {"T | extend row_number()", ErrorCode::wrong_context, 11},
      {"range x from 'a' to 2 step 1", ErrorCode::type_mismatch, 13},
      {"let f=(x:long){x+1}; print f()", ErrorCode::argument_count, 27},
      {"endless()", ErrorCode::too_deep, 0},
      {"let x = 1;", ErrorCode::wrong_context, 9},
      {"T | evaluate python(typeof(*), strcat('a', s))", ErrorCode::not_constant, 31},
  };
  for (const Case& test : cases) {
    const Result<BoundQuery> made = bound(test.query);
    ASSERT_FALSE(made.ok()) << test.query;
    EXPECT_EQ(error_code_name(made.error().code), error_code_name(test.code)) << test.query << "\n" << made.error().message;
    ASSERT_TRUE(made.error().span.has_value()) << test.query;
    // As the conformance cases have it, a place is right within two characters.
    EXPECT_NEAR(static_cast<double>(made.error().span->begin), test.begin, 2) << test.query << "\n" << made.error().message;
  }
}

TEST(BindQuery, SuggestsNames) {
  const Result<BoundQuery> made = bound("T | where strlne(s) > 1");
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().hint, "Did you mean strlen?");
}

TEST(BindQuery, BindsAPythonCall) {
  const Result<BoundQuery> made =
      bound("let code = ```if 1:\n  result = df\n```;\nT | evaluate hint.distribution=per_node python(typeof(*), code)");
  ASSERT_TRUE(made.ok()) << made.error().message;
  const auto* call = std::get_if<plan::PythonCall>(&made->statements[0].table->node);
  ASSERT_NE(call, nullptr);
  EXPECT_EQ(call->script, "if 1:\n  result = df\n");
  EXPECT_EQ(call->script_line, 1u);
  EXPECT_TRUE(call->per_node);
  EXPECT_EQ(call->arguments_json, "{}");
}

}  // namespace
}  // namespace wardian::kql
