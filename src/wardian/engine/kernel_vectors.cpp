#include "wardian/engine/kernel_vectors.h"

#include <algorithm>
#include <new>

#include "wardian/kernels/utf8.h"

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
    case ValueType::texts: return OwnedType(duckdb_create_list_type(logical_type(ValueType::text).get()));
  }
  return OwnedType(duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR));
}

namespace {

/// What duckdb_string_t_data() and _length() do, without two calls a row.
std::string_view view_of(const duckdb_string_t& text) {
  constexpr std::uint32_t kInlinedMax = sizeof text.value.inlined.inlined;
  const std::uint32_t length = text.value.inlined.length;
  return {length <= kInlinedMax ? text.value.inlined.inlined : text.value.pointer.ptr, length};
}

/// Kernels may cut a character in two: the engine makes null of what is no UTF-8, after a look at every byte that plain ASCII, which
/// most texts are, does not need.
void assign_text(duckdb_vector vector, idx_t row, std::string_view text) {
  if (kernels::is_ascii(text))
    duckdb_unsafe_vector_assign_string_element_len(vector, row, text.data(), text.size());
  else
    duckdb_vector_assign_string_element_len(vector, row, text.data(), text.size());
}

}  // namespace

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
    const auto* strings = static_cast<const duckdb_string_t*>(duckdb_vector_get_data(vector));
    for (std::size_t row = 0; row < rows_; ++row) views[row] = column.is_valid(row) ? view_of(strings[row]) : std::string_view();
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

void VectorResult::set_text(std::size_t row, std::string_view text) { assign_text(vector_, row, text); }

void VectorResult::set_texts(std::size_t row, std::span<const std::optional<std::string_view>> texts) {
  const idx_t begin = duckdb_list_vector_get_size(vector_);
  static_cast<duckdb_list_entry*>(values())[row] = {begin, texts.size()};
  // It grows by doubling.
  if (duckdb_list_vector_reserve(vector_, begin + texts.size()) != DuckDBSuccess ||
      duckdb_list_vector_set_size(vector_, begin + texts.size()) != DuckDBSuccess) {
    throw std::bad_alloc();
  }
  const duckdb_vector elements = duckdb_list_vector_get_child(vector_);
  for (std::size_t at = 0; at < texts.size(); ++at) {
    if (texts[at]) {
      assign_text(elements, begin + at, *texts[at]);
    } else {
      duckdb_vector_ensure_validity_writable(elements);
      duckdb_validity_set_row_invalid(duckdb_vector_get_validity(elements), begin + at);
    }
  }
}

}  // namespace wardian::engine
