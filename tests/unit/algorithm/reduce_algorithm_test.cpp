#include "wardian/algorithm/reduce_algorithm.h"

#include <gtest/gtest.h>

#include <map>

#include "wardian/algorithm/batch_builder.h"

namespace wardian::algorithm {
namespace {

using columnar::Type;
using Texts = std::vector<std::pair<std::string, std::int64_t>>;

OpenInput input_of(const Texts& texts) {
  return [texts]() -> Result<std::unique_ptr<columnar::BatchStream>> {
    const columnar::Schema schema = {{"text", Type::string}, {"rows", Type::int64}};
    return stream_of(schema, [schema, texts, given = false]() mutable -> Result<std::optional<columnar::Batch>> {
      if (std::exchange(given, true)) return std::optional<columnar::Batch>();
      BatchBuilder rows(schema);
      for (const auto& [text, count] : texts) {
        rows.add_text(0, text);
        rows.add_long(1, count);
      }
      return std::optional(rows.take());
    });
  };
}

/// Each text's pattern, or the error.
Result<std::map<std::string, std::string>> patterns(const Texts& texts, ReduceSettings settings, const RunBounds& bounds) {
  const ReduceAlgorithm reduce(std::move(settings));
  const std::vector<OpenInput> inputs{input_of(texts)};
  WARDIAN_ASSIGN(const auto rows, reduce.run(inputs, bounds));
  std::map<std::string, std::string> made;
  for (;;) {
    WARDIAN_ASSIGN(const auto batch, rows->next());
    if (!batch) return made;
    const auto& text = std::get<std::span<const std::string_view>>(batch->columns[0].values);
    const auto& pattern = std::get<std::span<const std::string_view>>(batch->columns[1].values);
    for (std::size_t row = 0; row < batch->rows; ++row) made.emplace(text[row], pattern[row]);
  }
}

// Expected: the reference's examples of reduce, and the paper's rule by hand.
TEST(Reduce, PatternsOfFrequentTerms) {
  const RunBounds bounds;
  auto cities = patterns({{"San Bernard", 3}, {"San Luis Obispo", 2}, {"San Diego", 2}, {"Oslo", 1}}, {0.4, ""}, bounds);
  ASSERT_TRUE(cities.ok());
  EXPECT_EQ(*cities, (std::map<std::string, std::string>{
                         {"San Bernard", "San *"}, {"San Luis Obispo", "San *"}, {"San Diego", "San *"}, {"Oslo", "others"}}));
  auto machine = patterns({{"MachineLearningX1", 500}, {"MachineLearningX2", 500}}, {0.001, "X"}, bounds);
  ASSERT_TRUE(machine.ok());
  EXPECT_EQ(machine->at("MachineLearningX1"), "MachineLearning*");
  auto strange = patterns({{"", 4}, {"- -", 3}, {"é è", 9}}, {0.1, ""}, bounds);
  ASSERT_TRUE(strange.ok());
  EXPECT_EQ(strange->at(""), "others");
  EXPECT_EQ(strange->at("é è"), "é è");
  EXPECT_TRUE(patterns({}, {}, bounds)->empty());
}

TEST(Reduce, MemoryAndTime) {
  RunBounds small;
  small.memory_bytes_max = 1000;
  const Texts texts{{std::string(2000, 'x'), 1}};
  EXPECT_EQ(patterns(texts, {}, small).error().code, ErrorCode::out_of_memory);
  RunBounds late;
  late.may_go_on = [] { return Status(Error{ErrorCode::timeout, "late", {}, {}}); };
  EXPECT_EQ(patterns(texts, {}, late).error().code, ErrorCode::timeout);
}

}  // namespace
}  // namespace wardian::algorithm
