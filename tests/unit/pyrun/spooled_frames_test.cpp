#include "wardian/pyrun/spooled_frames.h"

#include <gtest/gtest.h>

#include "wardian/columnar/ipc_message.h"
#include "wardian/process/memory_file.h"

namespace wardian::pyrun {
namespace {

using columnar::Type;

const columnar::Schema kSchema = {{"x", Type::int64}};

/// The stream of one column of longs, as a script writes it.
std::vector<std::byte> piece(const std::vector<std::int64_t>& values, const std::string& name = "x") {
  const std::uint64_t bytes = 8 * values.size();
  columnar::BorderTable table{.rows = values.size(), .body_bytes = (bytes + 63) / 64 * 64, .columns = {}};
  table.columns.push_back({.name = name, .type = {.layout = columnar::Layout::int64}, .values = {0, bytes}});
  std::vector<std::byte> stream = columnar::encode_schema_message(table);
  const std::vector<std::byte> batch = columnar::encode_batch_message(table);
  stream.insert(stream.end(), batch.begin(), batch.end());
  const auto* data = reinterpret_cast<const std::byte*>(values.data());
  stream.insert(stream.end(), data, data + bytes);
  stream.resize(stream.size() + (table.body_bytes - bytes));
  stream.insert(stream.end(), std::begin(columnar::kStreamEnd), std::end(columnar::kStreamEnd));
  return stream;
}

Status append(SpooledFrames& frames, const std::vector<std::byte>& stream) {
  WARDIAN_ASSIGN(const process::MemoryFile file, process::MemoryFile::sealed_copy("piece", stream));
  return frames.append(file.fd(), stream.size());
}

std::vector<std::int64_t> values_of(const SpooledFrames& frames) {
  std::vector<std::int64_t> values;
  const std::size_t columns[] = {0};
  for (const auto& frame : frames.frames()) {
    const columnar::Batch batch = frame->read(0, frame->rows(), columns);
    const auto& part = std::get<std::span<const std::int64_t>>(batch.columns[0].values);
    values.insert(values.end(), part.begin(), part.end());
  }
  return values;
}

TEST(SpooledFrames, KeepPiecesInOrder) {
  auto frames = SpooledFrames::create("/tmp", kSchema, {});
  ASSERT_TRUE(frames.ok()) << frames.error().message;
  std::vector<std::int64_t> expected;
  for (std::int64_t begin = 0; begin < 50; ++begin) {
    std::vector<std::int64_t> values(static_cast<std::size_t>(begin * 100));
    for (std::int64_t& value : values) value = static_cast<std::int64_t>(expected.size()), expected.push_back(value);
    ASSERT_TRUE(append(*frames, piece(values)).ok());
  }
  EXPECT_EQ(frames->rows(), expected.size());
  EXPECT_EQ(frames->frames().size(), 49U) << "a piece without rows is none";
  EXPECT_EQ(values_of(*frames), expected);
  for (const auto& frame : frames->frames()) frame->let_go();
  EXPECT_EQ(values_of(*frames), expected);
}

TEST(SpooledFrames, AreOneWithoutRowsWhereNoPieceCame) {
  const auto frames = SpooledFrames::create("/tmp", {{"x", Type::int64}, {"s", Type::string}, {"d", Type::decimal}}, {});
  ASSERT_TRUE(frames.ok());
  ASSERT_EQ(frames->frames().size(), 1U);
  EXPECT_EQ(frames->frames().front()->rows(), 0U);
  EXPECT_EQ(frames->frames().front()->schema().size(), 3U);
}

TEST(SpooledFrames, RefuseWhatIsNoPiece) {
  auto frames = SpooledFrames::create("/tmp", kSchema, {.bytes_max = 100'000, .pieces_max = 3});
  ASSERT_TRUE(frames.ok());
  ASSERT_TRUE(append(*frames, piece({1, 2, 3})).ok());
  struct Case {
    const char* name;
    std::vector<std::byte> stream;
    std::uint64_t bytes;
    ErrorCode code;
  };
  const std::vector<std::byte> good = piece({4, 5});
  const Case cases[] = {
      {"nothing", {}, 0, ErrorCode::bad_result},
      {"shorter than was said", good, good.size() + 1, ErrorCode::bad_result},
      {"cut off", good, good.size() - 20, ErrorCode::bad_result},
      {"of another column", piece({4}, "y"), piece({4}, "y").size(), ErrorCode::bad_result},
      {"larger than all may be", good, 100'001, ErrorCode::output_limit},
      {"a wild size", good, UINT64_MAX, ErrorCode::output_limit},
  };
  for (const Case& test : cases) {
    const auto file = process::MemoryFile::sealed_copy("piece", test.stream);
    ASSERT_TRUE(file.ok());
    const Status refused = frames->append(file->fd(), test.bytes);
    ASSERT_FALSE(refused.ok()) << test.name;
    EXPECT_EQ(refused.error().code, test.code) << test.name << ": " << refused.error().message;
  }
  EXPECT_EQ(values_of(*frames), (std::vector<std::int64_t>{1, 2, 3})) << "what was good stays";
  ASSERT_TRUE(append(*frames, piece({4})).ok());
  ASSERT_TRUE(append(*frames, piece({5})).ok());
  EXPECT_EQ(append(*frames, piece({6})).error().code, ErrorCode::output_limit) << "too many pieces";
}

}  // namespace
}  // namespace wardian::pyrun
