#include <gtest/gtest.h>
#include <re2/re2.h>

#include <random>

#include "wardian/kernels/atom_finder.h"
#include "wardian/kernels/user_agent_rules.h"

namespace wardian::kernels {
namespace {

TEST(UserAgentRules, AllCompile) {
  for (const auto rules : {browser_rules(), operating_system_rules(), device_rules()}) {
    EXPECT_GT(rules.size(), 100U);
    for (const UserAgentRule& rule : rules) {
      RE2::Options quiet;
      quiet.set_log_errors(false);
      EXPECT_TRUE(RE2(re2::StringPiece(rule.regex.data(), rule.regex.size()), quiet).ok()) << rule.regex;
    }
  }
}

// Source: std::string::find for each atom.
TEST(AtomFinder, FindsWhatOccurs) {
  std::mt19937 random(7);
  const auto text_of = [&](std::size_t size) {
    std::string made;
    for (std::size_t at = 0; at < size; ++at) made.push_back(static_cast<char>('a' + random() % 3));
    return made;
  };
  for (int round = 0; round < 100; ++round) {
    std::vector<std::string> atoms;
    for (int made = 0; made < 30; ++made) atoms.push_back(text_of(random() % 5));
    const AtomFinder finder(atoms);
    const std::string text = text_of(random() % 40);
    std::vector<int> expected;
    for (std::size_t at = 0; at < atoms.size(); ++at) {
      if (!atoms[at].empty() && text.find(atoms[at]) != std::string::npos) expected.push_back(static_cast<int>(at));
    }
    ASSERT_EQ(finder.find(text), expected) << text;
  }
  EXPECT_TRUE(AtomFinder().find("anything").empty());
}

}  // namespace
}  // namespace wardian::kernels
