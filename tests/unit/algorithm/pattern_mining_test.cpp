#include "wardian/algorithm/pattern_mining.h"

#include <bit>
#include <map>
#include <random>
#include <set>

#include "algorithm_rows.h"

namespace wardian::algorithm {
namespace {

using columnar::Schema;
using columnar::Type;

const Schema kThree{{"a", Type::real}, {"b", Type::real}, {"x", Type::dynamic}, {"y", Type::dynamic}, {"z", Type::dynamic}};

/// All frequent closed patterns, by trying every set of columns of every row.
std::set<std::string> by_trying(const std::vector<std::vector<std::string>>& rows, double threshold) {
  std::set<std::string> made;
  for (const auto& row : rows) {
    for (unsigned columns = 1; columns < 8; ++columns) {
      std::size_t count = 0;
      unsigned common = 7;  // columns that all matching rows agree with `row` on
      for (const auto& other : rows) {
        unsigned equal = 0;
        for (unsigned at = 0; at < 3; ++at) equal |= static_cast<unsigned>(other[at] == row[at]) << at;
        if ((equal & columns) != columns) continue;
        ++count;
        common &= equal;
      }
      if (common != columns || static_cast<double>(count) < threshold * static_cast<double>(rows.size())) continue;
      std::string line = std::to_string(count);
      for (unsigned at = 0; at < 3; ++at) line += " " + ((columns >> at & 1U) != 0 ? row[at] : "null");
      made.insert(line);
    }
  }
  return made;
}

TEST(Basket, FindsAllFrequentClosedPatternsAndNoOther) {
  std::mt19937 random(7);
  for (const double threshold : {0.02, 0.1, 0.3}) {
    std::vector<std::vector<std::string>> rows;
    std::vector<Row> cells;
    for (int row = 0; row < 300; ++row) {
      const auto pick = [&](int values) { return std::to_string(std::min(random() % values, random() % values)); };
      std::vector<std::string> one{pick(4), pick(6), ""};
      one[2] = random() % 3 == 0 ? pick(3) : one[0];
      cells.push_back({real(1), real(0), text(one[0], Type::dynamic), text(one[1], Type::dynamic), text(one[2], Type::dynamic)});
      rows.push_back(std::move(one));
    }
    std::set<std::string> found;
    for (const std::string& line : run(Basket({"x", "y", "z"}, threshold, 3), table_of(kThree, cells, 64))) {
      std::vector<std::string> parts;
      for (std::size_t at = 0; at < line.size();) {
        const std::size_t end = std::min(line.find(' ', at), line.size());
        parts.push_back(line.substr(at, end - at));
        at = end + 1;
      }
      found.insert(parts[1] + " " + parts[3] + " " + parts[4] + " " + parts[5]);
    }
    EXPECT_EQ(found, by_trying(rows, threshold)) << threshold;
  }
}

TEST(Basket, GivesUpWhereThereAreTooManyPatterns) {
  Schema schema{{"a", Type::real}, {"b", Type::real}};
  std::vector<std::string> names;
  std::vector<Row> rows;
  for (int column = 0; column < 40; ++column) {
    names.push_back("c" + std::to_string(column));
    schema.push_back({names.back(), Type::dynamic});
  }
  std::mt19937 random(1);
  for (int row = 0; row < 200; ++row) {
    Row one{real(1), real(0)};
    for (int column = 0; column < 40; ++column) one.push_back(text(std::to_string(random() % 2), Type::dynamic));
    rows.push_back(std::move(one));
  }
  RunBounds bounds;
  bounds.memory_bytes_max = 4 << 20;
  const OpenInput input = table_of(schema, rows, 64);
  const auto found = Basket(names, 0.015, 40).run({&input, 1}, bounds);
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().code, ErrorCode::out_of_memory);
}

TEST(DiffPatterns, GrowsWhatSetsTheSidesApart) {
  std::vector<Row> rows;
  for (int row = 0; row < 100; ++row) {
    const bool a = row < 50;
    const bool bad = row % 50 < (a ? 40 : 5);
    rows.push_back(
        {real(a ? 1 : 0), real(a ? 0 : 1), text(bad ? "1" : "0", Type::dynamic), text(bad ? "7" : "8", Type::dynamic), {}});
  }
  const auto found = run(DiffPatterns({"x", "y", "z"}, 0.1, 10), table_of(kThree, rows));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0], "0 40 5 80 10 70 1 7 null true true true");
  EXPECT_EQ(found[1], "1 10 45 20 90 70 0 8 null true true true");
}

TEST(PatternMining, ATableWithoutRowsHasNoPattern) {
  const OpenInput none = table_of(kThree, {});
  EXPECT_TRUE(run(Basket({"x", "y", "z"}, 0.1, 5), none).empty());
  EXPECT_TRUE(run(AutoCluster({"x", "y", "z"}, 0.5, 25), none).empty());
  EXPECT_TRUE(run(DiffPatterns({"x", "y", "z"}, 0.1, 5), none).empty());
}

}  // namespace
}  // namespace wardian::algorithm
