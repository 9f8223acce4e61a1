#include "wardian/kernels/term_finder.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <random>
#include <string>

// The two roads to an answer, bytes for ASCII and a regular expression for the rest, lead to the same place.
namespace wardian::kernels {
namespace {

using Rule = TermFinder::Rule;

/// The rule in words of regular expressions.
bool expected(const std::string& text, const std::string& wanted, Rule rule) {
  const auto is_term = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  std::string pattern = rule.with_case ? "(?s)" : "(?is)";
  if (rule.whole_start && !wanted.empty() && is_term(wanted.front())) pattern += "(?:^|[^\\pL\\pN])";
  pattern += re2::RE2::QuoteMeta(wanted);
  if (rule.whole_end && !wanted.empty() && is_term(wanted.back())) pattern += "(?:$|[^\\pL\\pN])";
  return re2::RE2::PartialMatch(text, re2::RE2(pattern));
}

TEST(TermFinder, AgreesWithARegularExpressionOnAnyText) {
  std::mt19937 random(7);
  const std::string letters = "aAbBkKsS1- ._";
  const auto made = [&](std::size_t longest) {
    std::string text(random() % (longest + 1), ' ');
    for (char& c : text) c = letters[random() % letters.size()];
    return text;
  };
  int found = 0;
  for (int i = 0; i < 5000; ++i) {
    const std::string wanted = made(3);
    std::string text = made(40);
    if (i % 5 == 0) text += "\xC3\xA9" + made(4);      // é
    if (i % 7 == 0) text += "\xE2\x84\xAA" + made(2);  // the Kelvin sign, a k but for case
    const Rule rule{random() % 2 == 0, random() % 2 == 0, random() % 2 == 0};
    const bool is_in = TermFinder(wanted, rule).is_in(text);
    found += is_in;
    ASSERT_EQ(is_in, expected(text, wanted, rule)) << '"' << wanted << "\" in \"" << text << '"';
  }
  EXPECT_GT(found, 1000);
  EXPECT_LT(found, 4000);
}

TEST(TermFinder, KnowsTermsOfOtherScripts) {
  const Rule whole{false, true, true};
  EXPECT_TRUE(TermFinder("straße", whole).is_in("Die STRAßE."));
  EXPECT_FALSE(TermFinder("stra", whole).is_in("Die Straße."));
  EXPECT_FALSE(TermFinder("die", whole).is_in("dieé"));
  EXPECT_TRUE(TermFinder("北京", whole).is_in("in 北京, today"));
  EXPECT_FALSE(TermFinder("北", whole).is_in("in 北京, today"));
  EXPECT_TRUE(TermFinder("→", whole).is_in("a→b"));
}

TEST(TermFinder, TakesAnyBytes) {
  EXPECT_TRUE(TermFinder("", {false, true, true}).is_in(""));
  EXPECT_TRUE(TermFinder(std::string("\0", 1), {}).is_in(std::string("a\0b", 3)));
  EXPECT_FALSE(TermFinder("longer than the text", {}).is_in("text"));
  EXPECT_TRUE(TermFinder("a.b", {}).is_in("xA.Bx"));
  EXPECT_FALSE(TermFinder("a.b", {}).is_in("xAxBx"));
}

}  // namespace
}  // namespace wardian::kernels
