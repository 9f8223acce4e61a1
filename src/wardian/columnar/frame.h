#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "wardian/base/result.h"
#include "wardian/columnar/batch.h"
#include "wardian/columnar/border_type.h"
#include "wardian/columnar/frame_writer.h"

namespace wardian::columnar {

/// A column of a frame in memory. The pointers have been checked against `rows` of the frame and against what they hold.
struct FrameColumn {
  std::string name;
  Type type = Type::dynamic;
  BorderType border = {};
  std::uint64_t nulls = 0;
  /// Whole words: readable up to the multiple of 64 rows. Null when no row is null.
  const std::uint64_t* validity = nullptr;
  const std::byte* values = nullptr;  // offsets for text
  const char* text = nullptr;
  std::shared_ptr<const void> owner = {};  // keeps the memory
};

/// A table that crossed the border: one contiguous piece a column, read in batches of any size, from any thread.
class Frame {
 public:
  Frame() = default;
  Frame(std::uint64_t rows, std::vector<FrameColumn> columns);

  std::uint64_t rows() const { return rows_; }
  const Schema& schema() const { return schema_; }
  const std::vector<FrameColumn>& columns() const { return columns_; }

  /// Rows [begin, begin + rows) of the columns named by position, in that order. `begin` is a multiple of 64.
  /// int, long, real come without a copy; the others are converted into memory that the batch owns.
  Batch read(std::uint64_t begin, std::size_t rows, std::span<const std::size_t> columns) const;

  /// Says that the frame lies in these pages of a file's map, which begin with a page and are no other frame's.
  void read_from_file(std::span<const std::byte> pages) { pages_ = pages; }
  /// Has been read for now: of a frame that lies in a file no page need stay in memory. They come back when they are read again.
  void let_go() const;

 private:
  std::span<const std::byte> pages_;
  std::uint64_t rows_ = 0;
  Schema schema_;
  std::vector<FrameColumn> columns_;
};

/// Rows [begin, begin + rows) of a frame, without a copy; `begin` is a multiple of 64. `nulls` of its columns may be too high.
Frame slice(const Frame& frame, std::uint64_t begin, std::uint64_t rows);

/// Maps a frame that FrameWriter wrote and that is sealed. Nothing is checked: the bytes are ours. Only `columns` are
/// mapped; the result has just those.
Result<Frame> map_frame(int fd, const FrameLayout& layout, std::span<const std::size_t> columns);

/// All rows of a frame, as a stream of batches.
std::unique_ptr<BatchStream> stream_of(std::shared_ptr<const Frame> frame, std::size_t batch_rows = 65536);

}  // namespace wardian::columnar
