#include "wardian/pyrun/shares.h"

#include "running.h"

namespace wardian::pyrun {
namespace {

TEST(Shares, AreNearlyEqualAndCoverAllRowsInOrder) {
  for (const unsigned count : {1U, 2U, 3U, 16U}) {
    for (const std::uint64_t rows : {0ULL, 1ULL, 2ULL, 15ULL, 100ULL, 5000ULL, 100'000ULL}) {
      auto stream =
          test_connection().query("SELECT range FROM range(" + std::to_string(rows) + ")", {{"x", columnar::Type::int64}});
      ASSERT_TRUE(stream.ok());
      auto whole = SealedFrame::write(**stream);
      ASSERT_TRUE(whole.ok());
      const auto shares = split_into_shares(*whole, count);
      ASSERT_TRUE(shares.ok());
      EXPECT_EQ(shares->size(), std::max<std::uint64_t>(1, std::min<std::uint64_t>(count, rows)));
      std::int64_t next = 0;
      std::uint64_t smallest = UINT64_MAX;
      std::uint64_t largest = 0;
      for (const FrameInput& share : *shares) {
        const std::uint64_t size = std::min(share.rows, share.frame->rows() - share.begin);
        smallest = std::min(smallest, size);
        largest = std::max(largest, size);
        const std::size_t columns[] = {0};
        const auto frame = share.frame->map(columns, share.begin, size);
        ASSERT_TRUE(frame.ok());
        const columnar::Batch batch = frame->read(0, size, columns);
        for (const std::int64_t value : std::get<std::span<const std::int64_t>>(batch.columns[0].values)) {
          ASSERT_EQ(value, next++);
        }
      }
      EXPECT_EQ(static_cast<std::uint64_t>(next), rows);
      EXPECT_LE(largest - smallest, rows < 1000 ? 1U : 64U + rows / 100) << count << " shares of " << rows;
    }
  }
}

}  // namespace
}  // namespace wardian::pyrun
