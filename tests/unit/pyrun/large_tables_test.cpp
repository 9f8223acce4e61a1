// Frames that outgrow memory, written by the engine's threads and handed to real calls; and what cannot fit.
#include <sys/stat.h>

#include "running.h"
#include "wardian/engine/frame_export.h"
#include "wardian/pyrun/frame_needs.h"

namespace wardian::pyrun {
namespace {

using columnar::Type;

constexpr const char* kRows =
    R"(SELECT range AS x, CASE WHEN range % 7 = 0 THEN NULL ELSE range % 3 = 0 END AS b, 'row ' || range AS s,
  CASE WHEN range % 11 = 0 THEN NULL WHEN range = 299990 THEN 0 ELSE 621355968000000000 + range * 10 END AS t,
  CASE WHEN range % 5 = 0 THEN NULL ELSE range END AS n FROM range(400000))";
const columnar::Schema kSchema = {
    {"x", Type::int64}, {"b", Type::boolean}, {"s", Type::string}, {"t", Type::datetime}, {"n", Type::int64}};

Result<std::shared_ptr<const SealedFrame>> on_disk(const std::string& sql, const columnar::Schema& schema) {
  return SealedFrame::fill(schema, {.spill_folder = "/tmp"}, {.memory_bytes_max = 2 << 20},
                           [&](columnar::FrameWriter& writer) { return engine::export_rows(test_connection(), sql, writer); });
}

TEST(LargeTables, LieOnDiskAndAreReadFromThere) {
  SKIP_WITHOUT_SANDBOX();
  const auto frame = on_disk(kRows, kSchema);
  ASSERT_TRUE(frame.ok()) << frame.error().message;
  ASSERT_EQ((*frame)->parts().size(), kSchema.size());
  struct stat folder {};
  ASSERT_EQ(::stat("/tmp", &folder), 0);
  for (const FramePart& part : (*frame)->parts()) {
    struct stat status {};
    ASSERT_EQ(::fstat(part.file.fd(), &status), 0);
    EXPECT_EQ(status.st_dev, folder.st_dev);
    EXPECT_EQ(status.st_nlink, 0U);
    EXPECT_TRUE(process::MemoryFile::sealed(part.file.fd()));
  }
  const Runner runner(test_pool());
  for (const bool per_node : {false, true}) {
    const EvaluatePython check{.script = R"(
assert (df.s == "row " + df.x.astype(str)).all()
assert (df.b.isna() == (df.x % 7 == 0)).all() and (df.t.isna() == (df.x % 11 == 0)).all()
assert (df.n.isna() == (df.x % 5 == 0)).all() and (df.n.dropna() == df.x[df.x % 5 != 0]).all()
before = df.x.copy()
df.loc[df.index[3], "x"] = -1  # its own copy, page by page
df["x"] = before
result = df
)",
                               .result = kSchema,
                               .per_node = per_node};
    const auto outcome = evaluate_python(runner, check, *frame, {});
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    std::uint64_t rows = 0;
    std::int64_t total = 0;
    const std::size_t columns[] = {0};
    for (const auto& result : outcome->frames) {
      rows += result->rows();
      const columnar::Batch batch = result->read(0, result->rows(), columns);
      for (const std::int64_t value : std::get<std::span<const std::int64_t>>(batch.columns[0].values)) total += value;
    }
    EXPECT_EQ(rows, 400'000U);
    EXPECT_EQ(total, 79'999'800'000);
  }
}

TEST(LargeTables, WhatTheirObjectsNeedIsAtLeastSaid) {
  struct Case {
    const char* name;
    std::string sql;
    columnar::Column column;
    std::uint64_t low, high;  // of the truth: CPython's sys.getsizeof of each value, and a pointer or two
  };
  const Case cases[] = {
      {"longs", "SELECT range FROM range(100000)", {"v", Type::int64}, 0, 0},
      {"longs with nulls", "SELECT nullif(range, 7) FROM range(100000)", {"v", Type::int64}, 100'000, 100'000},
      {"reals", "SELECT range / 2 FROM range(100000)", {"v", Type::real}, 0, 0},
      {"near times", "SELECT 621355968000000000 + range FROM range(100000)", {"v", Type::datetime}, 0, 0},
      {"far times", "SELECT range FROM range(100000)", {"v", Type::datetime}, 800'000, 800'000},
      {"bools", "SELECT range % 2 = 0 FROM range(100000)", {"v", Type::boolean}, 100'000, 100'000},
      {"texts of 10 bytes", "SELECT printf('%010d', range) FROM range(100000)", {"v", Type::string}, 6'400'000, 7'500'000},
      {"texts of one byte", "SELECT 'x' FROM range(100000)", {"v", Type::string}, 1'600'000, 1'600'000},
      {"empty texts", "SELECT '' FROM range(100000)", {"v", Type::string}, 1'600'000, 1'600'000},
      {"decimals", "SELECT range::DECIMAL(38, 17) FROM range(100000)", {"v", Type::decimal}, 11'000'000, 12'000'000},
      {"guids", "SELECT uuid() FROM range(100000)", {"v", Type::guid}, 7'500'000, 10'100'000},
  };
  for (const Case& test : cases) {
    const auto frame = on_disk(test.sql, {test.column});
    ASSERT_TRUE(frame.ok()) << test.name << ": " << frame.error().message;
    const std::uint64_t needed = memory_needed_min(**frame, (*frame)->rows(), "");
    EXPECT_GE(needed, test.low) << test.name;
    EXPECT_LE(needed, test.high) << test.name;
    EXPECT_TRUE(check_fits(**frame, (*frame)->rows(), "", needed, "It").ok());
    if (needed == 0) continue;
    const Status refused = check_fits(**frame, (*frame)->rows(), "", needed - 1, "It");
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::memory_limit);
    EXPECT_TRUE(refused.error().message.starts_with("It cannot fit the sandbox: as Python objects (v) it needs at least "));
  }
}

}  // namespace
}  // namespace wardian::pyrun
