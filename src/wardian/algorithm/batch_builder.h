#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "wardian/columnar/batch.h"
#include "wardian/columnar/value.h"

namespace wardian::algorithm {

/// Rows written cell by cell, column by column, and given on as batches. One thread.
class BatchBuilder {
 public:
  explicit BatchBuilder(const columnar::Schema& schema);
  ~BatchBuilder();
  BatchBuilder(BatchBuilder&&) noexcept;
  BatchBuilder& operator=(BatchBuilder&&) noexcept;

  /// The next cell of a column, of the type that is said: bool; int; long, datetime, timespan; real; decimal, unscaled; string, dynamic,
  /// guid.
  void add_bool(std::size_t column, bool value);
  void add_int(std::size_t column, std::int32_t value);
  void add_long(std::size_t column, std::int64_t value);
  void add_real(std::size_t column, double value);
  void add_decimal(std::size_t column, columnar::Int128 value);
  void add_text(std::size_t column, std::string_view value);
  /// A string turns empty.
  void add_null(std::size_t column);
  /// The cell of a batch, of the same type.
  void add_cell(std::size_t column, const columnar::ColumnView& from, std::size_t row);
  /// A value of the column's type; not of decimals.
  void add_value(std::size_t column, const columnar::Value& value);

  /// Of the first column.
  std::size_t rows() const;
  /// What the cells take by now.
  std::size_t bytes() const;

  /// The rows so far, all columns of equal length; the builder is empty again. Rows of a table without columns are said.
  columnar::Batch take(std::optional<std::size_t> rows = std::nullopt);

 private:
  struct ColumnData;
  std::vector<ColumnData> columns_;
};

/// A stream of what `next` gives, nullopt at the end.
std::unique_ptr<columnar::BatchStream> stream_of(columnar::Schema schema,
                                                 std::function<Result<std::optional<columnar::Batch>>()> next);

}  // namespace wardian::algorithm
