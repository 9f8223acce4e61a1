// A frame that outgrows memory while it is written.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <thread>

#include "wardian/columnar/frame_writer.h"
#include "written_frame.h"

namespace wardian::columnar {
namespace {

/// Files of both places, and how often each was asked for.
struct Files {
  std::vector<UniqueFd> memory, disk;
  std::size_t memory_count = 1, disk_count = 1;

  FrameFiles open() {
    return [this](FramePlace place) -> Result<std::vector<int>> {
      std::vector<UniqueFd>& files = place == FramePlace::disk ? disk : memory;
      std::vector<int> opened;
      while (files.size() < (place == FramePlace::disk ? disk_count : memory_count)) {
        files.emplace_back(::memfd_create("test", MFD_CLOEXEC));
        opened.push_back(files.back().get());
      }
      return opened;
    };
  }
  const std::vector<UniqueFd>& last() const { return disk.empty() ? memory : disk; }
};

constexpr std::size_t kRows = 3000;

/// Rows of every kind of buffer: with nulls in some batches, and a time beyond nanoseconds in one.
Batch rows_from(std::int64_t begin) {
  std::vector<std::int64_t> values(kRows), times(kRows);
  std::vector<std::string> strings(kRows);
  std::vector<std::uint8_t> flags(kRows);
  std::vector<std::size_t> nulls;
  for (std::size_t row = 0; row < kRows; ++row) {
    const std::int64_t value = begin + static_cast<std::int64_t>(row);
    values[row] = value;
    times[row] = value == 20'000 ? 5 : 637'134'336'000'000'000 + value;
    strings[row] = value % 10 == 0 ? "" : "text " + std::to_string(value);
    flags[row] = value % 3 == 0;
    if (begin % 2 == 0 && value % 7 == 0) nulls.push_back(row);
  }
  return batch_of({longs(Type::int64, values, nulls), texts(Type::string, strings), bools(flags, nulls),
                   longs(Type::datetime, times, nulls), decimals(std::vector<Int128>(values.begin(), values.end()), nulls)},
                  kRows);
}

std::vector<std::vector<std::string>> all_cells(const std::vector<UniqueFd>& files, const std::vector<FrameLayout>& layouts,
                                                std::size_t columns) {
  std::vector<std::vector<std::string>> rows(layouts.front().table.rows);
  for (std::size_t column = 0; column < columns; ++column) {
    const std::size_t part = column % files.size();
    const std::size_t place[] = {column / files.size()};
    const auto frame = map_frame(files[part].get(), layouts[part], place);
    EXPECT_TRUE(frame.ok());
    const std::size_t first[] = {0};
    const auto read = cells(frame->read(0, rows.size(), first));
    for (std::size_t row = 0; row < rows.size(); ++row) rows[row].push_back(read[row][0]);
  }
  return rows;
}

TEST(FrameMove, ChangesNothingButThePlace) {
  std::vector<std::vector<std::string>> expected;
  for (std::int64_t begin = 0; begin < 10; ++begin) {
    const auto rows = cells(rows_from(begin * static_cast<std::int64_t>(kRows)));
    expected.insert(expected.end(), rows.begin(), rows.end());
  }
  // Never, at the first block, in the midst, at the last; columns share files, or have one each, before and after.
  for (const std::uint64_t memory_bytes_max :
       {std::uint64_t{UINT64_MAX}, std::uint64_t{0}, std::uint64_t{1} << 18, std::uint64_t{700'000}, std::uint64_t{1} << 20}) {
    for (const std::size_t count : {1UL, 2UL, 5UL}) {
      Files files{.memory = {}, .disk = {}, .memory_count = 6 - count, .disk_count = count};
      FrameWriter writer(files.open(), schema_of(rows_from(0)), {.memory_bytes_max = memory_bytes_max});
      for (std::int64_t begin = 0; begin < 10; ++begin) {
        ASSERT_TRUE(writer.append(rows_from(begin * static_cast<std::int64_t>(kRows))).ok());
      }
      const auto layouts = writer.finish();
      ASSERT_TRUE(layouts.ok()) << layouts.error().message;
      EXPECT_EQ(files.disk.empty(), memory_bytes_max == UINT64_MAX);
      EXPECT_EQ(all_cells(files.last(), *layouts, 5), expected) << memory_bytes_max << ", " << count << " files";
      std::uint64_t long_texts = 0;
      for (const FrameLayout& layout : *layouts)
        for (const std::uint64_t count_here : layout.long_texts) long_texts += count_here;
      EXPECT_EQ(long_texts, 27'000U);
      if (files.disk.empty()) continue;
      for (const UniqueFd& left : files.memory) {
        struct stat status {};
        EXPECT_EQ(::fstat(left.get(), &status), 0);
        EXPECT_EQ(status.st_size, 0) << "memory that nobody reads any more";
      }
    }
  }
}

TEST(FrameMove, WaitsForThoseWhoWrite) {
  for (int round = 0; round < 5; ++round) {
    Files files{.memory = {}, .disk = {}, .memory_count = 2, .disk_count = 3};
    FrameWriter writer(files.open(), schema_of(rows_from(0)), {.memory_bytes_max = std::uint64_t{3} << 20});
    std::vector<std::thread> threads;
    for (std::int64_t thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&, thread] {
        for (std::int64_t begin = thread; begin < 40; begin += 4)
          EXPECT_TRUE(writer.append(rows_from(begin * static_cast<std::int64_t>(kRows))).ok());
      });
    }
    for (std::thread& thread : threads) thread.join();
    const auto layouts = writer.finish();
    ASSERT_TRUE(layouts.ok());
    EXPECT_FALSE(files.disk.empty());
    auto got = all_cells(files.last(), *layouts, 5);
    std::sort(got.begin(), got.end());
    std::vector<std::vector<std::string>> expected;
    for (std::int64_t begin = 0; begin < 40; ++begin) {
      const auto rows = cells(rows_from(begin * static_cast<std::int64_t>(kRows)));
      expected.insert(expected.end(), rows.begin(), rows.end());
    }
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(got, expected);
  }
}

TEST(FrameMove, CountsWhatIsTooMuch) {
  const Batch batch = batch_of({longs(Type::int64, std::vector<std::int64_t>(kRows))}, kRows);
  for (const bool counts : {false, true}) {
    Files files{};
    FrameWriter writer(files.open(), schema_of(batch), {.data_bytes_max = 2 << 20, .counts_beyond = counts});
    Status appended;
    for (int i = 0; i < 1000 && appended.ok(); ++i) appended = writer.append(batch);
    const Status refused = appended.ok() ? Status(writer.finish().error()) : std::move(appended);
    EXPECT_EQ(refused.error().code, ErrorCode::result_too_large);
    // 24,000,000 bytes; or the third block of a MiB.
    EXPECT_NE(refused.error().message.find(counts ? "needs 23 MiB; the limit is 2 MiB" : "needs more than 3 MiB"),
              std::string::npos)
        << refused.error().message;
  }
}

TEST(FrameMove, ToADiskThatIsFullSaysHowMuchWouldFit) {
  const Batch batch = batch_of({longs(Type::int64, std::vector<std::int64_t>(kRows))}, kRows);
  Files files{};
  const FrameFiles usual = files.open();
  UniqueFd full;
  FrameWriter writer(
      [&](FramePlace place) -> Result<std::vector<int>> {
        if (place != FramePlace::disk) return usual(place);
        full = UniqueFd(::open("/dev/full", O_RDWR | O_CLOEXEC));
        return std::vector<int>{full.get()};
      },
      schema_of(batch), {.memory_bytes_max = 2 << 20, .counts_beyond = true});
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(writer.append(batch).ok());
  const auto refused = writer.finish();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::disk_full);
  EXPECT_NE(refused.error().message.find("it needs 23 MiB"), std::string::npos) << refused.error().message;
}

}  // namespace
}  // namespace wardian::columnar
