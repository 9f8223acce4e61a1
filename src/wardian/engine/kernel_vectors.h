#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "wardian/base/result.h"
#include "wardian/engine/handles.h"
#include "wardian/kernels/kernel_table.h"

/// The engine's vectors as kernels see them.
namespace wardian::engine {

OwnedType logical_type(kernels::ValueType type);

/// Views of one chunk's columns. Kept between chunks, so that the room for texts is asked for once.
class ChunkColumns {
 public:
  /// The last of `types` stands for all further columns.
  void view(duckdb_data_chunk chunk, std::span<const kernels::ValueType> types);
  std::span<const kernels::Column> columns() const { return columns_; }
  std::size_t rows() const { return rows_; }

 private:
  std::size_t rows_ = 0;
  std::vector<kernels::Column> columns_;
  std::vector<std::vector<std::string_view>> texts_;
};

class VectorResult final : public kernels::ResultColumn {
 public:
  explicit VectorResult(duckdb_vector vector) : ResultColumn(duckdb_vector_get_data(vector)), vector_(vector) {}
  void set_null(std::size_t row) override;
  void set_text(std::size_t row, std::string_view text) override;
  void set_texts(std::size_t row, std::span<const std::optional<std::string_view>> texts) override;

 private:
  duckdb_vector vector_;
  std::uint64_t* validity_ = nullptr;
};

/// Part of register_kernels.
Status register_aggregate_kernels(duckdb_connection connection);

}  // namespace wardian::engine
