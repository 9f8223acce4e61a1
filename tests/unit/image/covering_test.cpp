#include "wardian/image/covering.h"

#include <gtest/gtest.h>

namespace wardian::image {
namespace {

TEST(Covering, EachDependencyMustBeThere) {
  const std::vector<Package> there = {{"pandas", "2.3.3"}, {"scikit-learn", "1.9.1"}, {"pytz", "2026.6"}, {"odd", "1.0rc1"}};
  const PythonVersion python{3, 11, 2};
  struct Case {
    std::vector<std::string> dependencies;
    const char* requires_python;
    bool covered;
  };
  const Case cases[] = {
      {{}, "", true},
      {{"pandas"}, "", true},
      {{"Pandas >= 2, <3", "scikit_learn"}, ">=3.10", true},
      {{"pandas>=3"}, "", false},
      {{"pandas"}, ">=3.12", false},
      {{"polars"}, "", false},
      {{"pandas[excel]"}, "", false},
      {{"pandas; python_version < '3'"}, "", false},
      {{"odd"}, "", true},
      {{"odd>=0.1"}, "", false},
      {{"pytz>=2020.1"}, "", true},
      // What the interpreter's releases do not have, packages' do.
      {{"pandas==2.3.3rc1"}, "", false},
      {{"pandas==2.3.3.post1"}, "", false},
  };
  for (const Case& one : cases)
    EXPECT_EQ(covers(there, python, {one.dependencies, one.requires_python}), one.covered)
        << (one.dependencies.empty() ? "" : one.dependencies.front()) << " " << one.requires_python;
}

}  // namespace
}  // namespace wardian::image
