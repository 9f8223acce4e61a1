#include <random>
#include <set>

#include "algorithm_rows.h"
#include "wardian/algorithm/funnel.h"
#include "wardian/algorithm/sequence_detect.h"

namespace wardian::algorithm {
namespace {

using columnar::Schema;
using columnar::Type;

const Schema kSteps{
    {"_key", Type::string}, {"_time", Type::int64}, {"s1", Type::boolean}, {"s2", Type::boolean}, {"s3", Type::boolean}};

TEST(SequenceDetect, FindsWhatTryingAllTriplesFinds) {
  std::mt19937 random(3);
  std::vector<Row> rows;
  std::vector<std::pair<std::int64_t, unsigned>> events;
  for (std::int64_t time = 0; time < 120; ++time) {
    const unsigned steps = random() % 8;
    events.emplace_back(time, steps);
    rows.push_back({text(""), whole(time), truth((steps & 1U) != 0), truth((steps & 2U) != 0), truth((steps & 4U) != 0)});
  }
  std::set<std::string> expected;
  for (const auto& [first, a] : events)
    for (const auto& [second, b] : events)
      for (const auto& [third, c] : events) {
        if ((a & 1U) == 0 || (b & 2U) == 0 || (c & 4U) == 0 || !(first < second && second < third)) continue;
        if (second - first > 4 || third - second > 4 || third - first > 6) continue;
        expected.insert(std::to_string(first) + " " + std::to_string(second) + " " + std::to_string(third) + " " +
                        std::to_string(third - first));
      }
  const auto found = run(SequenceDetect(kSteps, 3, 4, 6), table_of(kSteps, rows, 7));
  EXPECT_EQ(std::set<std::string>(found.begin(), found.end()), expected);
  EXPECT_EQ(found.size(), expected.size());
}

TEST(SequenceDetect, KeysAreApartAndMemoryIsBounded) {
  std::vector<Row> rows{{text("a"), whole(0), truth(true), truth(false), truth(false)},
                        {text("b"), whole(1), truth(false), truth(true), truth(false)}};
  EXPECT_TRUE(run(SequenceDetect(kSteps, 2, 9, 9), table_of(kSteps, rows)).empty());
  rows.clear();
  for (int time = 0; time < 3000; ++time) rows.push_back({text("a"), whole(time), truth(true), truth(true), truth(false)});
  RunBounds bounds;
  bounds.memory_bytes_max = 1 << 20;
  const OpenInput input = table_of(kSteps, rows, 64);
  const auto opened = SequenceDetect(kSteps, 3, INT64_MAX, INT64_MAX).run({&input, 1}, bounds);
  ASSERT_TRUE(opened.ok());
  const auto batch = (*opened)->next();
  ASSERT_FALSE(batch.ok());
  EXPECT_EQ(batch.error().code, ErrorCode::out_of_memory);
}

TEST(FunnelCompletion, TakesTheShortestWay) {
  const Schema schema{
      {"_id", Type::string}, {"changed", Type::boolean}, {"time", Type::int64}, {"state", Type::string}, {"_bin", Type::int64}};
  std::vector<Row> rows;
  bool changed = true;
  for (const auto& [time, state] : {std::pair{0, "a"}, {5, "b"}, {6, "a"}, {8, "b"}, {20, "c"}, {21, "a"}}) {
    rows.push_back({text("id"), truth(changed), whole(time), text(state), whole(0)});
    changed = false;
  }
  EXPECT_EQ(run(FunnelCompletion(Type::string, {"a", "b", "c"}), table_of(schema, rows)),
            (std::vector<std::string>{"0 0 0 id", "0 1 2 id", "0 2 14 id"}));
}

}  // namespace
}  // namespace wardian::algorithm
