#include "wardian/kernels/number_text.h"

#include <gtest/gtest.h>

#include <limits>

namespace wardian::kernels {
namespace {

struct RealCase {
  double value;
  std::string_view text, json;
};

constexpr RealCase kReals[] = {
    {0, "0", "0.0"},
    {1, "1", "1.0"},
    {1.5, "1.5", "1.5"},
    {-0.1, "-0.1", "-0.1"},
    {123456789, "123456789", "123456789.0"},
    {1e14, "100000000000000", "100000000000000.0"},
    {1e15, "1E+15", "1E+15"},
    {1.25e20, "1.25E+20", "1.25E+20"},
    {0.00001, "0.00001", "0.00001"},
    {0.0000012, "1.2E-06", "1.2E-06"},
    {0.30000000000000004, "0.30000000000000004", "0.30000000000000004"},
    {std::numeric_limits<double>::infinity(), "Infinity", "\"Infinity\""},
};

TEST(NumberText, PrintsReals) {
  for (const RealCase& c : kReals) {
    std::string text, json;
    append_real(text, c.value);
    append_json_real(json, c.value);
    EXPECT_EQ(text, c.text);
    EXPECT_EQ(json, c.json);
  }
}

struct LongCase {
  std::string_view text;
  std::optional<std::int64_t> value;
};

constexpr LongCase kLongs[] = {
    {"123", 123},
    {" -5 ", -5},
    {"+7", 7},
    {"0x1F", 31},
    {"1.7", 1},
    {"1e3", 1000},
    {"", std::nullopt},
    {"nan", std::nullopt},
    {"12a", std::nullopt},
    {"--1", std::nullopt},
    {"9223372036854775807", 9223372036854775807},
    {"9223372036854775808", std::nullopt},
    {"1e30", std::nullopt},
};

TEST(NumberText, ReadsLongs) {
  for (const LongCase& c : kLongs) EXPECT_EQ(parse_long(c.text), c.value) << c.text;
}

TEST(NumberText, ReadsExactLongs) {
  const struct {
    const char* text;
    std::optional<std::int64_t> value;
    bool plain;
  } cases[] = {
      {"123", 123, true},
      {" -5 ", -5, true},
      {"+7", 7, true},
      {"0", 0, true},
      {"007", 7, false},
      {"0x1F", 31, false},
      {"0xE", 14, false},
      {"2.0", 2, false},
      {"1e3", 1000, false},
      {"1.7", std::nullopt, false},
      {"1e-3", std::nullopt, false},
      {"9007199254740993.0", std::nullopt, false},  // beyond 2^53 a real may have been rounded
      {"9223372036854775807", 9223372036854775807, true},
      {"9223372036854775808", std::nullopt, false},
      {"", std::nullopt, false},
      {"-", std::nullopt, false},
      {"nan", std::nullopt, false},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(parse_exact_long(c.text), c.value) << c.text;
    EXPECT_EQ(is_plain_long(c.text), c.plain) << c.text;
  }
}

}  // namespace
}  // namespace wardian::kernels
