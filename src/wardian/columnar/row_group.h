#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "wardian/columnar/batch.h"
#include "wardian/columnar/bit_buffer.h"
#include "wardian/columnar/file_columns.h"

namespace wardian::columnar {

/// One column of a RowGroup, as Arrow lays it out; datetimes and timespans are ticks still.
struct GatheredColumn {
  explicit GatheredColumn(Type of) : type(of), range(of) {}

  Type type;
  std::vector<std::byte> values;      // of fixed widths
  BitBuffer bits;                     // of booleans
  std::vector<std::int32_t> ends{0};  // of texts: their ends in `text`, behind the start of the first
  std::string text;
  BitBuffer validity;  // empty: no null so far
  TickRange range;     // of the ticks that are not null
};

/// Rows gathered until they are worth a piece of a file: a row group of Parquet, a record batch of Arrow.
class RowGroup {
 public:
  RowGroup(const Schema& schema, std::size_t rows_max, std::size_t bytes_max);

  /// Whether the batch's texts still fit the 31 bits that count them. An empty group takes whatever one can.
  bool has_room_for(const Batch& batch) const;
  /// Copies the batch's rows, for which there is room. Error: internal, for decimals of another scale than KQL's.
  Status append(const Batch& batch);
  bool full() const { return rows_ >= rows_max_ || bytes_ >= bytes_max_; }

  std::size_t rows() const { return rows_; }
  std::vector<GatheredColumn>& columns() { return columns_; }
  void clear();

 private:
  std::vector<GatheredColumn> columns_;
  std::size_t rows_max_, bytes_max_;
  std::size_t rows_ = 0;
  std::size_t bytes_ = 0;
};

/// Texts of one column in one group, in bytes.
inline constexpr std::size_t kGroupTextBytesMax = (std::size_t{1} << 31) - 1;

}  // namespace wardian::columnar
