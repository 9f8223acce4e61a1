#include "wardian/engine/frame_vector.h"

#include <cstring>

#include "wardian/kernels/json_text.h"

namespace wardian::engine {
namespace {

using columnar::ColumnView;
using columnar::Int128;
using columnar::Type;
__extension__ using UInt128 = unsigned __int128;

using columnar::kDecimalScale;

template <class T>
void copy_values(duckdb_vector vector, const ColumnView& column, std::size_t rows) {
  const auto& values = std::get<std::span<const T>>(column.values);
  if (rows > 0) std::memcpy(duckdb_vector_get_data(vector), values.data(), rows * sizeof(T));
}

void copy_texts(duckdb_vector vector, const ColumnView& column, std::size_t rows) {
  const auto& values = std::get<std::span<const std::string_view>>(column.values);
  for (std::size_t row = 0; row < rows; ++row) {
    // Checked to be UTF-8 when the frame was decoded.
    duckdb_unsafe_vector_assign_string_element_len(vector, row, values[row].data(), values[row].size());
  }
}

Status copy_dynamics(duckdb_vector vector, const ColumnView& column, std::size_t rows) {
  const auto& values = std::get<std::span<const std::string_view>>(column.values);
  std::string canonical;
  for (std::size_t row = 0; row < rows; ++row) {
    if (!column.is_valid(row)) continue;
    canonical.clear();
    if (!kernels::append_canonical_json(canonical, values[row])) {
      return Error{ErrorCode::bad_result, "A dynamic value nests too deep", {}, {}};
    }
    if (canonical == "null") {
      duckdb_vector_ensure_validity_writable(vector);
      duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), row);
      continue;
    }
    duckdb_unsafe_vector_assign_string_element_len(vector, row, canonical.data(), canonical.size());
  }
  return {};
}

/// The engine holds a guid as a 128-bit number whose first bit is turned, so that its order is that of the text.
Int128 guid_number(std::string_view text) {
  UInt128 number = 0;
  for (const char c : text) {
    if (c == '-') continue;
    number = number << 4 | static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
  }
  return static_cast<Int128>(number ^ UInt128{1} << 127);
}

/// The engine aligns its vectors to 8 bytes only, too little to write 128 bits through a pointer of their type.
void put(void* vector_data, std::size_t row, Int128 value) {
  std::memcpy(static_cast<char*>(vector_data) + row * sizeof(Int128), &value, sizeof(Int128));
}

void copy_guids(duckdb_vector vector, const ColumnView& column, std::size_t rows) {
  const auto& values = std::get<std::span<const std::string_view>>(column.values);
  void* const out = duckdb_vector_get_data(vector);
  for (std::size_t row = 0; row < rows; ++row) put(out, row, column.is_valid(row) ? guid_number(values[row]) : 0);
}

Status copy_decimals(duckdb_vector vector, const ColumnView& column, std::size_t rows) {
  if (column.decimal_scale == kDecimalScale) {
    copy_values<Int128>(vector, column, rows);
    return {};
  }
  const auto& values = std::get<std::span<const Int128>>(column.values);
  void* const out = duckdb_vector_get_data(vector);
  Int128 bound = 1;  // 10^38 over the factor
  for (int digit = 0; digit < columnar::kDecimalWidth; ++digit) bound *= 10;
  Int128 factor = 1;
  for (int digit = column.decimal_scale; digit < kDecimalScale; ++digit) factor *= 10;
  for (int digit = kDecimalScale; digit < column.decimal_scale; ++digit) factor *= 10;
  const bool grow = column.decimal_scale < kDecimalScale;
  for (std::size_t row = 0; row < rows; ++row) {
    if (!column.is_valid(row)) {
      put(out, row, 0);
    } else if (grow) {
      if (values[row] >= bound / factor || values[row] <= -(bound / factor)) {
        return Error{ErrorCode::overflow, "A decimal has more digits before its point than the engine holds", {}, {}};
      }
      put(out, row, values[row] * factor);
    } else {
      put(out, row, values[row] / factor);
    }
  }
  return {};
}

void copy_validity(duckdb_vector vector, const ColumnView& column, std::size_t rows) {
  if (column.validity.empty() || rows == 0) return;
  duckdb_vector_ensure_validity_writable(vector);
  std::memcpy(duckdb_vector_get_validity(vector), column.validity.data(), (rows + 63) / 64 * 8);
}

}  // namespace

duckdb_logical_type engine_type(Type type) {
  switch (type) {
    case Type::boolean: return duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN);
    case Type::int32: return duckdb_create_logical_type(DUCKDB_TYPE_INTEGER);
    case Type::int64:
    case Type::datetime:
    case Type::timespan: return duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);
    case Type::real: return duckdb_create_logical_type(DUCKDB_TYPE_DOUBLE);
    case Type::decimal: return duckdb_create_decimal_type(columnar::kDecimalWidth, kDecimalScale);
    case Type::string:
    case Type::dynamic: return duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
    case Type::guid: return duckdb_create_logical_type(DUCKDB_TYPE_UUID);
  }
  return duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
}

Status fill_vector(duckdb_vector vector, const ColumnView& column, std::size_t rows) {
  copy_validity(vector, column, rows);
  switch (column.type) {
    case Type::boolean: copy_values<std::uint8_t>(vector, column, rows); return {};
    case Type::int32: copy_values<std::int32_t>(vector, column, rows); return {};
    case Type::int64:
    case Type::datetime:
    case Type::timespan: copy_values<std::int64_t>(vector, column, rows); return {};
    case Type::real: copy_values<double>(vector, column, rows); return {};
    case Type::decimal: return copy_decimals(vector, column, rows);
    case Type::string: copy_texts(vector, column, rows); return {};
    case Type::dynamic: return copy_dynamics(vector, column, rows);
    case Type::guid: copy_guids(vector, column, rows); return {};
  }
  return {};
}

}  // namespace wardian::engine
