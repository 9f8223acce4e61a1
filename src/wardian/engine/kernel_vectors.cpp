#include "wardian/engine/kernel_vectors.h"

#include <algorithm>

namespace wardian::engine {

using kernels::ValueType;

OwnedType logical_type(ValueType type) {
  switch (type) {
    case ValueType::boolean: return OwnedType(duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN));
    case ValueType::int32: return OwnedType(duckdb_create_logical_type(DUCKDB_TYPE_INTEGER));
    case ValueType::int64: return OwnedType(duckdb_create_logical_type(DUCKDB_TYPE_BIGINT));
    case ValueType::real: return OwnedType(duckdb_create_logical_type(DUCKDB_TYPE_DOUBLE));
    case ValueType::int128: return OwnedType(duckdb_create_logical_type(DUCKDB_TYPE_HUGEINT));
    case ValueType::decimal: return OwnedType(duckdb_create_decimal_type(38, 17));
    case ValueType::text: break;
  }
  return OwnedType(duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR));
}

void ChunkColumns::view(duckdb_data_chunk chunk, std::span<const ValueType> types) {
  rows_ = duckdb_data_chunk_get_size(chunk);
  const std::size_t count = duckdb_data_chunk_get_column_count(chunk);
  columns_.resize(count);
  texts_.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, i);
    kernels::Column& column = columns_[i];
    column.validity = duckdb_vector_get_validity(vector);
    column.values = duckdb_vector_get_data(vector);
    if (types[std::min(i, types.size() - 1)] != ValueType::text) continue;
    std::vector<std::string_view>& views = texts_[i];
    views.resize(rows_);
    auto* strings = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector));
    for (std::size_t row = 0; row < rows_; ++row) {
      if (!column.is_valid(row))
        views[row] = {};
      else
        views[row] = {duckdb_string_t_data(&strings[row]), duckdb_string_t_length(strings[row])};
    }
    column.values = views.data();
  }
}

void VectorResult::set_null(std::size_t row) {
  if (validity_ == nullptr) {
    duckdb_vector_ensure_validity_writable(vector_);
    validity_ = duckdb_vector_get_validity(vector_);
  }
  duckdb_validity_set_row_invalid(validity_, row);
}

void VectorResult::set_text(std::size_t row, std::string_view text) {
  duckdb_vector_assign_string_element_len(vector_, row, text.data(), text.size());
}

}  // namespace wardian::engine
