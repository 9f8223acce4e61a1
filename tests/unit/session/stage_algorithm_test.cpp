#include <gtest/gtest.h>

#include "wardian/algorithm/batch_builder.h"
#include "wardian/engine/database.h"
#include "wardian/session/stage_run.h"

namespace wardian::session {
namespace {

using columnar::Type;
using columnar::Value;

/// For each row of the first input the running sum of its numbers, after the count of the second input's rows.
class RunningSum final : public algorithm::TableAlgorithm {
 public:
  std::string describe() const override { return "running sum"; }
  Result<std::unique_ptr<columnar::BatchStream>> run(std::span<const algorithm::OpenInput> inputs,
                                                     const algorithm::RunBounds& bounds) const override {
    std::int64_t count = 0;
    WARDIAN_ASSIGN(const auto second, inputs[1]());
    for (;;) {
      WARDIAN_ASSIGN(const auto batch, second->next());
      if (!batch) break;
      count += static_cast<std::int64_t>(batch->rows);
    }
    WARDIAN_ASSIGN(std::shared_ptr<columnar::BatchStream> rows, inputs[0]());
    const columnar::Schema schema = {{"count", Type::int64}, {"sum", Type::int64}};
    return algorithm::stream_of(
        schema, [schema, rows, count, sum = std::int64_t{0}, &bounds]() mutable -> Result<std::optional<columnar::Batch>> {
          WARDIAN_TRY(bounds.may_go_on());
          WARDIAN_ASSIGN(const auto batch, rows->next());
          if (!batch) return std::optional<columnar::Batch>();
          algorithm::BatchBuilder made(schema);
          for (std::size_t row = 0; row < batch->rows; ++row) {
            sum += std::get<std::span<const std::int64_t>>(batch->columns[0].values)[row];
            made.add_long(0, count);
            made.add_long(1, sum);
          }
          return std::optional<columnar::Batch>(made.take());
        });
  }
};

plan::ExprPtr number(std::int64_t value) { return plan::make_expr(plan::Constant{{Type::int64, value}}, Type::int64); }
plan::NodePtr range(std::int64_t stop) {
  return plan::make_node(plan::Range{number(1), number(stop), number(1)}, {{"x", Type::int64}}, true);
}

class StageAlgorithm : public testing::Test {
 protected:
  static plan::NodePtr running_sum(std::int64_t rows) {
    return plan::make_node(plan::AlgorithmCall{{range(rows), range(3)}, std::make_shared<RunningSum>(), {4, 9}},
                           {{"count", Type::int64}, {"sum", Type::int64}}, true);
  }

  engine::Database database_ = engine::Database::open({}).value();
  engine::Connection connection_ = database_.connect().value();
  RunnerSet python_{ScriptSettings{}};
  Request request_;
  StageRun stages_{connection_, python_, request_, nullptr, {database_.spill_folder(), database_.memory_bytes_max()}};
};

TEST_F(StageAlgorithm, ReadsItsInputsInTheirOrderAndGivesItsRowsInOrder) {
  constexpr std::int64_t kRows = 300'000;
  auto rows = stages_.stream(running_sum(kRows));
  ASSERT_TRUE(rows.ok()) << rows.error().message;
  std::int64_t row = 0;
  for (;;) {
    const auto batch = (*rows)->next();
    ASSERT_TRUE(batch.ok()) << batch.error().message;
    if (!*batch) break;
    for (std::size_t at = 0; at < (*batch)->rows; ++at) {
      ++row;
      ASSERT_EQ(std::get<std::span<const std::int64_t>>((*batch)->columns[0].values)[at], 3);
      ASSERT_EQ(std::get<std::span<const std::int64_t>>((*batch)->columns[1].values)[at], row * (row + 1) / 2);
    }
  }
  EXPECT_EQ(row, kRows);
}

TEST_F(StageAlgorithm, EndsWithTheRequest) {
  process::CancelToken cancel;
  request_.cancel = &cancel;
  cancel.cancel();
  const auto rows = stages_.stream(running_sum(10));
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.error().code, ErrorCode::cancelled);
  EXPECT_EQ(rows.error().span, (SourceSpan{4, 9}));
}

}  // namespace
}  // namespace wardian::session
