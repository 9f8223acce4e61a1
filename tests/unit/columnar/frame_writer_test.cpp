#include "wardian/columnar/frame_writer.h"

#include <gtest/gtest.h>

#include "wardian/columnar/frame.h"
#include "wardian/columnar/frame_decoder.h"
#include "wardian/columnar/ticks.h"
#include "written_frame.h"

namespace wardian::columnar {
namespace {

constexpr std::int64_t kLong = std::numeric_limits<std::int64_t>::max();

/// Every type with its extremes and a null.
Batch every_type() {
  constexpr std::int64_t year_2020 = 637'134'336'000'000'000;
  return batch_of(
      {bools({1, 0, 1}, {2}), ints({INT32_MIN, INT32_MAX, 0}, {2}), longs(Type::int64, {-kLong - 1, kLong, 0}, {2}),
       reals({-0.5, std::numeric_limits<double>::infinity(), 0}, {2}), decimals({15, -16, 0}, {2}),
       texts(Type::string, {"", "žluťoučký", "x"}), longs(Type::datetime, {year_2020 + 7, kTicksUnixEpoch - 1, 0}, {2}),
       longs(Type::timespan, {-1, 36'000'000'000, 0}, {2}), texts(Type::dynamic, {"{\"a\":1}", "[null]", ""}, {2}),
       texts(Type::guid, {"00000000-0000-0000-0000-00000000000a", "12345678-9abc-def0-1234-56789abcdef0", ""}, {2})},
      3);
}

TEST(FrameWriter, EveryTypeComesBackThroughAMap) {
  const Batch batch = every_type();
  const auto written = write_frame({batch, batch});
  ASSERT_TRUE(written.ok()) << written.error().message;
  const auto frame = map_frame(written->fd.get(), written->layout, all_columns(batch.columns.size()));
  ASSERT_TRUE(frame.ok());
  EXPECT_EQ(frame->rows(), 6U);
  const auto once = cells(batch);
  auto twice = once;
  twice.insert(twice.end(), once.begin(), once.end());
  EXPECT_EQ(cells(frame->read(0, 6, all_columns(batch.columns.size()))), twice);
}

TEST(FrameWriter, EveryTypeComesBackThroughTheDecoder) {
  const Batch batch = every_type();
  const auto written = write_frame({batch});
  ASSERT_TRUE(written.ok());
  const std::vector<std::byte> stream = packed_stream(*written);
  const auto frame = decode_frame(stream, nullptr, schema_of(batch), {});
  ASSERT_TRUE(frame.ok()) << frame.error().message;
  EXPECT_EQ(cells(frame->read(0, 3, all_columns(batch.columns.size()))), cells(batch));
}

TEST(FrameWriter, TimesOutsideNanosecondsLeaveTheColumnInTicks) {
  struct Case {
    const char* name;
    Type type;
    std::int64_t early;
    std::int64_t late;
    bool in_ticks;
  };
  const Case cases[] = {
      {"datetimes of our time", Type::datetime, kTicksUnixEpoch, kTicksUnixEpoch + 1, false},
      {"the last that fits", Type::datetime, kTicksUnixEpoch + 123, kTicksUnixEpoch + kTicksMaxAsNanoseconds, false},
      {"one tick later", Type::datetime, kTicksUnixEpoch + 120, kTicksUnixEpoch + kTicksMaxAsNanoseconds + 1, true},
      {"the end of time", Type::datetime, kTicksUnixEpoch - 120, kTicksMax, true},
      {"the beginning", Type::datetime, 0, kTicksUnixEpoch, true},
      {"a short span", Type::timespan, -1, 1, false},
      {"the longest span", Type::timespan, -kLong - 1, kLong, true},
  };
  for (const Case& test : cases) {
    // The first batch is written in nanoseconds and turned back when the second comes.
    const Batch first = batch_of({longs(test.type, {test.early, 1}, {1})}, 2);
    const Batch second = batch_of({longs(test.type, {test.late})}, 1);
    const auto written = write_frame({first, second});
    ASSERT_TRUE(written.ok()) << test.name;
    EXPECT_EQ(written->layout.table.columns[0].type == kBorderOfTicks, test.in_ticks) << test.name;
    const auto frame = map_frame(written->fd.get(), written->layout, all_columns(1));
    ASSERT_TRUE(frame.ok()) << test.name;
    const Batch read = frame->read(0, 3, all_columns(1));
    const auto& ticks = std::get<std::span<const std::int64_t>>(read.columns[0].values);
    EXPECT_EQ(ticks[0], test.early) << test.name;
    EXPECT_FALSE(read.columns[0].is_valid(1)) << test.name;
    EXPECT_EQ(ticks[2], test.late) << test.name;
  }
}

TEST(FrameWriter, ManyOddBatchesMakeOneColumn) {
  std::vector<Batch> batches;
  std::vector<std::string> expected;
  std::int64_t next = 0;
  for (std::size_t rows : {1UL, 2048UL, 63UL, 64UL, 65UL, 4096UL, 7UL}) {
    std::vector<std::int64_t> values(rows);
    std::vector<std::string> strings(rows);
    std::vector<std::uint8_t> flags(rows);
    std::vector<std::size_t> nulls;
    for (std::size_t row = 0; row < rows; ++row, ++next) {
      values[row] = next;
      strings[row] = std::string(static_cast<std::size_t>(next % 40), 'x') + std::to_string(next);
      flags[row] = next % 3 == 0;
      if (rows != 2048 && next % 5 == 0) nulls.push_back(row);
      expected.push_back((rows != 2048 && next % 5 == 0 ? std::string("null") : std::to_string(next)) + strings[row] +
                         std::to_string(flags[row]));
    }
    batches.push_back(batch_of({longs(Type::int64, values, nulls), texts(Type::string, strings), bools(flags)}, rows));
  }
  const auto written = write_frame(batches);
  ASSERT_TRUE(written.ok());
  const auto frame = map_frame(written->fd.get(), written->layout, all_columns(3));
  ASSERT_TRUE(frame.ok());
  std::vector<std::string> got;
  const auto stream = stream_of(std::make_shared<const Frame>(*frame), 128);
  for (;;) {
    auto batch = stream->next();
    ASSERT_TRUE(batch.ok());
    if (!batch->has_value()) break;
    for (const auto& row : cells(**batch)) got.push_back(row[0] + row[1] + row[2]);
  }
  EXPECT_EQ(got, expected);
  // A slice from the middle.
  const Frame middle = slice(*frame, 2112, 100);
  EXPECT_EQ(cells(middle.read(0, 1, all_columns(3)))[0][1], cells(frame->read(2112, 1, all_columns(3)))[0][1]);
  EXPECT_EQ(cells(middle.read(64, 36, all_columns(3))), cells(frame->read(2176, 36, all_columns(3))));
}

TEST(FrameWriter, HoldsToItsLimit) {
  const Batch batch = batch_of({longs(Type::int64, std::vector<std::int64_t>(1000))}, 1000);
  EXPECT_TRUE(write_frame({batch}, {.data_bytes_max = 8000}).ok());
  const auto refused = write_frame({batch}, {.data_bytes_max = 7999});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::result_too_large);
}

TEST(FrameWriter, WritesTablesWithoutRowsAndWithoutColumns) {
  const Batch empty = batch_of({texts(Type::string, {}), longs(Type::datetime, {})}, 0);
  const auto written = write_frame({empty});
  ASSERT_TRUE(written.ok());
  EXPECT_TRUE(decode_frame(packed_stream(*written), nullptr, schema_of(empty), {}).ok());
  const auto bare = write_frame({batch_of({}, 5)});
  ASSERT_TRUE(bare.ok());
  EXPECT_EQ(bare->layout.table.rows, 5U);
}

}  // namespace
}  // namespace wardian::columnar
