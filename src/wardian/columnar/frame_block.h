#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "wardian/columnar/batch.h"
#include "wardian/columnar/bit_buffer.h"
#include "wardian/columnar/border_type.h"

namespace wardian::columnar {

/// One column of a FrameBlock, as it will lie in the file, but for ticks, which become nanoseconds when all are known, and
/// the ends of texts, which count from the block's first.
struct ColumnBlock {
  BorderType border;
  std::vector<std::byte> values = {};  // fixed widths; texts: their ends, as int64
  std::string text = {};
  std::uint64_t long_texts = 0;  // of more than a byte
  BitBuffer bits = {};           // the values of a bool column
  BitBuffer validity = {};       // empty: no null so far
};

/// Rows on their way into a frame, collected until a large write is worth it: a memory file takes pages of the size of a
/// write, and small pages cost more than the copy made here.
class FrameBlock {
 public:
  explicit FrameBlock(const Schema& schema, std::uint8_t decimal_scale);

  /// Copies the batch's rows. Error: internal, for decimals of another scale.
  Status append(const Batch& batch);
  /// Ready to be written.
  bool full() const { return rows_ >= rows_max_ || text_bytes_ >= kTextBytesMax; }

  std::size_t rows() const { return rows_; }
  /// What the rows take in the file, validity aside.
  std::uint64_t data_bytes() const { return text_bytes_ + rows_ * row_bytes_; }
  std::vector<ColumnBlock>& columns() { return columns_; }
  void clear();

 private:
  // Of all columns together: stays in a core's own cache. Measured on 4 columns; see bench/five_million_rows.py.
  static constexpr std::size_t kFixedBytesMax = std::size_t{1} << 20;
  static constexpr std::size_t kTextBytesMax = std::size_t{1} << 20;

  Schema schema_;
  std::vector<ColumnBlock> columns_;
  std::size_t row_bytes_ = 0;
  std::size_t rows_max_ = 0;
  std::size_t rows_ = 0;
  std::uint64_t text_bytes_ = 0;
};

/// Ticks become nanoseconds since `epoch`; or stay, when one of them does not fit (then false). Under nulls stands not-a-time.
/// In place.
bool ticks_to_nanoseconds(std::span<std::int64_t> ticks, const BitBuffer& validity, std::int64_t epoch);

}  // namespace wardian::columnar
