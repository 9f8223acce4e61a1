#include "wardian/kql/signature.h"

#include <gtest/gtest.h>

#include "wardian/kql/function_table.h"
#include "wardian/kql/operator_table.h"

namespace wardian::kql {
namespace {

using columnar::Type;

TEST(Signature, ReadsParameters) {
  auto read = parse_signature("(part: const string, n: N, rest: any..., digits: long = 3) -> N");
  ASSERT_TRUE(read.ok()) << read.error().message;
  const Signature& signature = *read;
  ASSERT_EQ(signature.parameters.size(), 4u);
  EXPECT_TRUE(signature.parameters[0].constant);
  EXPECT_EQ(signature.parameters[0].type.exact, Type::string);
  EXPECT_EQ(signature.parameters[1].type.variable, 'N');
  EXPECT_TRUE(signature.parameters[2].repeated);
  ASSERT_TRUE(signature.parameters[3].default_value.has_value());
  EXPECT_EQ(signature.parameters[3].default_value->held, decltype(columnar::Value::held)(std::int64_t{3}));
  EXPECT_EQ(signature.least_arguments(), 2u);
}

TEST(Signature, RefusesWhatIsNone) {
  for (const char* text : {"", "(a) -> long", "(a: long", "(a: long) long", "(a: longish) -> long", "(a: long) -> long x"}) {
    EXPECT_FALSE(parse_signature(text).ok()) << text;
  }
}

TEST(Signature, EveryRowOfTheTablesCanBeRead) {
  for (const auto family : function_families()) {
    for (const KqlFunction& row : family) {
      auto read = parse_signature(row.signature);
      EXPECT_TRUE(read.ok()) << row.name << ": " << (read.ok() ? "" : read.error().message);
    }
  }
  for (const auto family : aggregate_families()) {
    for (const KqlAggregate& row : family) {
      auto read = parse_signature(row.signature);
      EXPECT_TRUE(read.ok()) << row.name << ": " << (read.ok() ? "" : read.error().message);
    }
  }
  for (const KqlWindowFunction& row : window_functions()) {
    auto read = parse_signature(row.signature);
    EXPECT_TRUE(read.ok()) << row.name << ": " << (read.ok() ? "" : read.error().message);
  }
  for (const auto rows :
       {arithmetic_operators(), comparison_operators(), string_operators(), membership_operators(), logical_operators()}) {
    for (const KqlOperator& row : rows) EXPECT_TRUE(parse_signature(row.signature).ok()) << row.op;
  }
}

}  // namespace
}  // namespace wardian::kql
