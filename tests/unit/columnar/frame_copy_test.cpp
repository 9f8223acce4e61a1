#include "wardian/columnar/frame_copy.h"

#include <gtest/gtest.h>

#include "wardian/columnar/frame_decoder.h"
#include "written_frame.h"

namespace wardian::columnar {
namespace {

struct Copied {
  std::vector<std::byte> bytes;
  FrameLayout layout;
};

Result<Copied> copy(const WrittenFrame& written, std::uint64_t begin, std::uint64_t rows, const std::function<Status()>& go_on) {
  const UniqueFd target(::memfd_create("copy", MFD_CLOEXEC));
  std::vector<WrittenColumn> columns;
  for (std::size_t at = 0; at < written.layout.schema.size(); ++at) columns.push_back({written.fd.get(), &written.layout, at});
  Copied copied;
  WARDIAN_ASSIGN(copied.layout, copy_frame(columns, begin, rows, target.get(), go_on));
  copied.bytes.resize(static_cast<std::size_t>(::lseek(target.get(), 0, SEEK_END)));
  if (::pread(target.get(), copied.bytes.data(), copied.bytes.size(), 0) != static_cast<ssize_t>(copied.bytes.size()))
    std::abort();
  return copied;
}

Status always() { return {}; }

Result<WrittenFrame> some_frame(std::size_t rows) {
  std::vector<std::int64_t> numbers(rows);
  std::iota(numbers.begin(), numbers.end(), 0);
  std::vector<std::uint8_t> truths(rows);
  std::vector<std::string> words;
  for (std::size_t row = 0; row < rows; ++row) {
    truths[row] = row % 3 == 0;
    words.push_back(std::string(row % 7, 'x') + std::to_string(row));
  }
  return write_frame({batch_of({longs(Type::int64, numbers, {5}), bools(truths), texts(Type::string, words)}, rows)});
}

TEST(FrameCopy, HoldsTheRowsAndNothingElse) {
  const auto written = some_frame(1000);
  ASSERT_TRUE(written.ok());
  static constexpr struct {
    std::uint64_t begin, rows;
  } kSlices[] = {{0, 1000}, {64, 3}, {960, 40}, {0, 0}, {128, 64}};
  for (const auto& slice : kSlices) {
    const auto copied = copy(*written, slice.begin, slice.rows, always);
    ASSERT_TRUE(copied.ok()) << copied.error().message;
    EXPECT_LT(copied->bytes.size(), 2000 + slice.rows * 40);
    // Whoever builds a DataFrame by the layout sees a column with nulls, as the whole has some.
    EXPECT_EQ(copied->layout.table.columns[0].nulls, 1U);
    // The decoder takes nothing that is not in order: bounds, counts of nulls, offsets.
    const auto frame = decode_frame(copied->bytes, nullptr, written->layout.schema, {});
    ASSERT_TRUE(frame.ok()) << frame.error().message;
    ASSERT_EQ(frame->rows(), slice.rows);
    EXPECT_EQ(frame->columns()[0].nulls, slice.begin == 0 && slice.rows > 5 ? 1U : 0U);
    if (slice.rows == 0) continue;
    const std::size_t all[] = {0, 1, 2};
    const Batch batch = frame->read(0, slice.rows, all);
    const auto numbers = std::get<std::span<const std::int64_t>>(batch.columns[0].values);
    const auto truths = std::get<std::span<const std::uint8_t>>(batch.columns[1].values);
    const auto words = std::get<std::span<const std::string_view>>(batch.columns[2].values);
    for (std::size_t row = 0; row < slice.rows; ++row) {
      const std::uint64_t whole = slice.begin + row;
      if (whole != 5) {
        EXPECT_EQ(numbers[row], static_cast<std::int64_t>(whole));
      }
      EXPECT_EQ(truths[row] != 0, whole % 3 == 0);
      EXPECT_EQ(words[row], std::string(whole % 7, 'x') + std::to_string(whole));
    }
  }
}

TEST(FrameCopy, StopsWhenItIsTold) {
  const auto written = some_frame(100);
  ASSERT_TRUE(written.ok());
  const auto copied = copy(*written, 0, 100, [] { return Status(Error{.code = ErrorCode::cancelled, .message = "enough"}); });
  ASSERT_FALSE(copied.ok());
  EXPECT_EQ(copied.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace wardian::columnar
