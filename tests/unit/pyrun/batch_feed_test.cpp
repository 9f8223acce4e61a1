#include "wardian/pyrun/batch_feed.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>

namespace wardian::pyrun {
namespace {

using columnar::Batch;
using columnar::Type;

/// Longs from 0 in batches of uneven sizes; counts what was taken of it, and may fail.
class Numbers final : public columnar::BatchStream {
 public:
  Numbers(std::int64_t rows, std::int64_t fails_at = INT64_MAX) : rows_(rows), fails_at_(fails_at) {}
  const columnar::Schema& schema() const override { return schema_; }
  Result<std::optional<Batch>> next() override {
    EXPECT_FALSE(ended_) << "asked after the end";
    if (next_ >= fails_at_) return Error{.code = ErrorCode::overflow, .message = "in the midst"};
    ended_ = next_ >= rows_;
    if (ended_) return std::optional<Batch>();
    const std::int64_t size = std::min(rows_ - next_, 1 + next_ % 2048);
    auto values = std::make_shared<std::vector<std::int64_t>>();
    for (std::int64_t i = 0; i < size; ++i) values->push_back(next_ + i);
    next_ += size;
    columnar::ColumnView view;
    view.type = Type::int64;
    view.values = std::span<const std::int64_t>(*values);
    return std::optional(Batch{values->size(), {view}, values});
  }
  std::int64_t taken() const { return next_; }

 private:
  columnar::Schema schema_ = {{"x", Type::int64}};
  std::int64_t rows_;
  std::int64_t fails_at_;
  std::atomic<std::int64_t> next_ = 0;
  bool ended_ = false;
};

/// Waits for what comes next.
Result<BatchFeed::Taken> take(BatchFeed& feed) {
  for (;;) {
    WARDIAN_ASSIGN(std::optional<BatchFeed::Taken> taken, feed.take());
    if (taken) return std::move(*taken);
    pollfd ready{feed.fd(), POLLIN, 0};
    ::poll(&ready, 1, -1);
  }
}

TEST(BatchFeed, GivesAllRowsInOrderInBatchesOfTheirSize) {
  for (const std::int64_t rows : {1, 2, 999, 1000, 1001, 2000, 54'321}) {
    for (const std::uint64_t size : {1'000ULL, 1ULL, 100'000ULL}) {
      if (size == 1 && rows > 2000) continue;
      Numbers numbers(rows);
      auto feed = BatchFeed::start(numbers, {.batch_rows = size, .memory = {}});
      ASSERT_TRUE(feed.ok());
      std::int64_t next = 0;
      for (;;) {
        const auto taken = take(**feed);
        ASSERT_TRUE(taken.ok());
        if (taken->end) {
          EXPECT_EQ(taken->frame, nullptr);
          break;
        }
        EXPECT_EQ(taken->frame->rows(), std::min<std::uint64_t>(size, static_cast<std::uint64_t>(rows - next)));
        const std::size_t columns[] = {0};
        const auto frame = taken->frame->map(columns, 0, taken->frame->rows());
        ASSERT_TRUE(frame.ok());
        const Batch batch = frame->read(0, frame->rows(), columns);
        for (const std::int64_t value : std::get<std::span<const std::int64_t>>(batch.columns[0].values))
          ASSERT_EQ(value, next++);
      }
      EXPECT_EQ(next, rows);
    }
  }
}

TEST(BatchFeed, OfATableWithoutRowsTheEndHasItsColumns) {
  Numbers numbers(0);
  auto feed = BatchFeed::start(numbers, {.batch_rows = 10, .memory = {}});
  ASSERT_TRUE(feed.ok());
  const auto taken = take(**feed);
  ASSERT_TRUE(taken.ok());
  EXPECT_TRUE(taken->end);
  ASSERT_NE(taken->frame, nullptr);
  EXPECT_EQ(taken->frame->rows(), 0U);
  EXPECT_EQ(taken->frame->schema().size(), 1U);
}

TEST(BatchFeed, MakesOneAheadAndNoMore) {
  Numbers numbers(INT64_MAX);
  auto feed = BatchFeed::start(numbers, {.batch_rows = 10'000, .memory = {}});
  ASSERT_TRUE(feed.ok());
  for (std::int64_t number = 1; number <= 5; ++number) {
    ASSERT_TRUE(take(**feed).ok());
    // The next may be under way, or done.
    EXPECT_LE(numbers.taken(), (number + 1) * 10'000 + 2048);
  }
  // What was not taken does not hinder the end.
}

TEST(BatchFeed, TellsOfAFailureAfterWhatCameBefore) {
  Numbers numbers(1'000'000, 25'000);
  auto feed = BatchFeed::start(numbers, {.batch_rows = 10'000, .memory = {}});
  ASSERT_TRUE(feed.ok());
  EXPECT_TRUE(take(**feed).ok());
  EXPECT_TRUE(take(**feed).ok());
  const auto failed = take(**feed);
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, ErrorCode::overflow);
}

TEST(BatchFeed, RefusesABatchThatDoesNotFit) {
  Numbers numbers(1'000'000);
  auto feed = BatchFeed::start(numbers, {.batch_rows = 1'000'000, .batch_bytes_max = 4 << 20, .memory = {}});
  ASSERT_TRUE(feed.ok());
  const auto refused = take(**feed);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::result_too_large);
  EXPECT_NE(refused.error().message.find("A batch of 1000000 rows is larger than the sandbox's memory: 4 MiB"), std::string::npos)
      << refused.error().message;
}

}  // namespace
}  // namespace wardian::pyrun
