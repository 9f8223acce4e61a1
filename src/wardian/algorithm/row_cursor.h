#pragma once

#include <optional>

#include "wardian/algorithm/table_algorithm.h"

namespace wardian::algorithm {

/// The rows of a stream, one after the other. Views of the row at hand live until the next but one batch is read.
class RowCursor {
 public:
  RowCursor(std::unique_ptr<columnar::BatchStream> rows, const RunBounds& bounds) : rows_(std::move(rows)), bounds_(bounds) {}

  /// False at the end.
  Result<bool> next() {
    while (!batch_ || ++row_ >= batch_->rows) {
      WARDIAN_TRY(bounds_.may_go_on());
      WARDIAN_ASSIGN(std::optional<columnar::Batch> batch, rows_->next());
      if (!batch) return false;
      batch_ = std::move(batch);
      row_ = static_cast<std::size_t>(-1);
    }
    return true;
  }

  std::size_t row() const { return row_; }
  const columnar::ColumnView& column(std::size_t at) const { return batch_->columns[at]; }
  bool is_valid(std::size_t at) const { return batch_->columns[at].is_valid(row_); }
  std::int64_t whole(std::size_t at) const { return std::get<std::span<const std::int64_t>>(batch_->columns[at].values)[row_]; }
  double real(std::size_t at) const { return std::get<std::span<const double>>(batch_->columns[at].values)[row_]; }
  bool truth(std::size_t at) const {
    return is_valid(at) && std::get<std::span<const std::uint8_t>>(batch_->columns[at].values)[row_] != 0;
  }
  std::string_view text(std::size_t at) const {
    return std::get<std::span<const std::string_view>>(batch_->columns[at].values)[row_];
  }

 private:
  std::unique_ptr<columnar::BatchStream> rows_;
  const RunBounds& bounds_;
  std::optional<columnar::Batch> batch_;
  std::size_t row_ = static_cast<std::size_t>(-1);
};

}  // namespace wardian::algorithm
