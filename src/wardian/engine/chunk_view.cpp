#include "wardian/engine/chunk_view.h"

#include <cstring>
#include <deque>

namespace wardian::engine {

using columnar::Batch;
using columnar::ColumnView;
using columnar::Int128;
using columnar::Type;

namespace {

/// What a batch keeps alive: the chunk and the arrays made from it.
struct ChunkOwner {
  OwnedChunk chunk;
  std::deque<std::vector<std::string_view>> strings;
  std::deque<std::vector<char>> texts;
  std::deque<std::vector<Int128>> decimals;
};

constexpr std::uint32_t kInlineLengthMax = sizeof(duckdb_string_t::value.inlined.inlined);

template <class T>
std::span<const T> values_of(duckdb_vector vector, std::size_t rows) {
  return {static_cast<const T*>(duckdb_vector_get_data(vector)), rows};
}

std::span<const std::string_view> string_values(ChunkOwner& owner, duckdb_vector vector, std::size_t rows,
                                                std::span<const std::uint64_t> validity) {
  const auto* const strings = static_cast<const duckdb_string_t*>(duckdb_vector_get_data(vector));
  std::vector<std::string_view>& views = owner.strings.emplace_back(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    // The engine leaves the bytes under a null undefined; ours must be readable.
    if (!validity.empty() && ((validity[row / 64] >> (row % 64)) & 1U) == 0) continue;
    // The API's accessors are calls into another library, twice a row; the layout is part of its header.
    const duckdb_string_t& text = strings[row];
    const std::uint32_t length = text.value.inlined.length;
    views[row] = {length <= kInlineLengthMax ? text.value.inlined.inlined : text.value.pointer.ptr, length};
  }
  return views;
}

/// The engine keeps a UUID as a 128 bit number whose top bit is flipped, so that signed order is text order.
std::span<const std::string_view> guid_values(ChunkOwner& owner, duckdb_vector vector, std::size_t rows) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  static constexpr std::size_t kLength = 36;
  const auto numbers = values_of<duckdb_hugeint>(vector, rows);
  std::vector<char>& text = owner.texts.emplace_back(rows * kLength);
  std::vector<std::string_view>& views = owner.strings.emplace_back(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::uint64_t upper = static_cast<std::uint64_t>(numbers[row].upper) ^ (std::uint64_t{1} << 63);
    const std::uint64_t lower = numbers[row].lower;
    char* out = text.data() + row * kLength;
    views[row] = {out, kLength};
    for (int digit = 0; digit < 32; ++digit) {
      if (digit == 8 || digit == 12 || digit == 16 || digit == 20) *out++ = '-';
      const std::uint64_t half = digit < 16 ? upper : lower;
      *out++ = kDigits[(half >> (60 - 4 * (digit % 16))) & 15U];
    }
  }
  return views;
}

template <class Narrow>
std::span<const Int128> widened(ChunkOwner& owner, duckdb_vector vector, std::size_t rows) {
  std::vector<Int128>& wide = owner.decimals.emplace_back(rows);
  const auto narrow = values_of<Narrow>(vector, rows);
  for (std::size_t row = 0; row < rows; ++row) wide[row] = narrow[row];
  return wide;
}

/// The engine aligns its 16 byte numbers to eight bytes, as where a scan points into a stored block; Int128 asks for sixteen.
std::span<const Int128> aligned(ChunkOwner& owner, duckdb_vector vector, std::size_t rows) {
  const void* const data = duckdb_vector_get_data(vector);
  if (reinterpret_cast<std::uintptr_t>(data) % alignof(Int128) == 0) return values_of<Int128>(vector, rows);
  std::vector<Int128>& copy = owner.decimals.emplace_back(rows);
  if (rows > 0) std::memcpy(copy.data(), data, rows * sizeof(Int128));
  return copy;
}

std::span<const Int128> decimal_values(ChunkOwner& owner, duckdb_vector vector, std::size_t rows, duckdb_type physical) {
  switch (physical) {
    case DUCKDB_TYPE_SMALLINT: return widened<std::int16_t>(owner, vector, rows);
    case DUCKDB_TYPE_INTEGER: return widened<std::int32_t>(owner, vector, rows);
    case DUCKDB_TYPE_BIGINT: return widened<std::int64_t>(owner, vector, rows);
    default: return aligned(owner, vector, rows);
  }
}

duckdb_type expected_type(Type type) {
  switch (type) {
    case Type::boolean: return DUCKDB_TYPE_BOOLEAN;
    case Type::int32: return DUCKDB_TYPE_INTEGER;
    case Type::int64:
    case Type::datetime:
    case Type::timespan: return DUCKDB_TYPE_BIGINT;
    case Type::real: return DUCKDB_TYPE_DOUBLE;
    case Type::decimal: return DUCKDB_TYPE_DECIMAL;
    case Type::string:
    case Type::dynamic: return DUCKDB_TYPE_VARCHAR;
    case Type::guid: return DUCKDB_TYPE_UUID;
  }
  return DUCKDB_TYPE_INVALID;
}

}  // namespace

Result<ColumnLayout> column_layout(duckdb_logical_type logical, const columnar::Column& column) {
  const duckdb_type id = duckdb_get_type_id(logical);
  if (id != expected_type(column.type))
    return Error{ErrorCode::internal,
                 "The lowered query gives another type (" + std::to_string(id) + ") for column '" + column.name + "' than " +
                     std::string(type_name(column.type)),
                 {},
                 {}};
  ColumnLayout layout{column.type, id, 0};
  if (id == DUCKDB_TYPE_DECIMAL) {
    layout.physical = duckdb_decimal_internal_type(logical);
    layout.decimal_scale = duckdb_decimal_scale(logical);
  }
  return layout;
}

Result<std::vector<ColumnLayout>> column_layouts(duckdb_result& result, const columnar::Schema& schema) {
  const std::size_t columns = duckdb_column_count(&result);
  if (columns != schema.size())
    return Error{ErrorCode::internal,
                 "The lowered query gives " + std::to_string(columns) + " columns instead of " + std::to_string(schema.size()),
                 {},
                 {}};
  std::vector<ColumnLayout> layouts;
  for (std::size_t i = 0; i < columns; ++i) {
    const OwnedType logical(duckdb_column_logical_type(&result, i));
    WARDIAN_ASSIGN(const ColumnLayout layout, column_layout(logical.get(), schema[i]));
    layouts.push_back(layout);
  }
  return layouts;
}

namespace {

Batch view_vectors(duckdb_data_chunk chunk, std::size_t first, const std::vector<ColumnLayout>& layouts,
                   std::shared_ptr<ChunkOwner> owner) {
  const std::size_t rows = duckdb_data_chunk_get_size(chunk);
  Batch batch;
  batch.rows = rows;
  batch.columns.reserve(layouts.size());
  for (std::size_t i = 0; i < layouts.size(); ++i) {
    const duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, first + i);
    const ColumnLayout& layout = layouts[i];
    ColumnView column;
    column.type = layout.type;
    column.decimal_scale = layout.decimal_scale;
    if (const std::uint64_t* const mask = duckdb_vector_get_validity(vector); mask != nullptr)
      column.validity = {mask, (rows + 63) / 64};
    switch (layout.type) {
      case Type::boolean: column.values = values_of<std::uint8_t>(vector, rows); break;
      case Type::int32: column.values = values_of<std::int32_t>(vector, rows); break;
      case Type::int64:
      case Type::datetime:
      case Type::timespan: column.values = values_of<std::int64_t>(vector, rows); break;
      case Type::real: column.values = values_of<double>(vector, rows); break;
      case Type::decimal: column.values = decimal_values(*owner, vector, rows, layout.physical); break;
      case Type::guid: column.values = guid_values(*owner, vector, rows); break;
      case Type::string:
        // A string is never null: what the engine calls null is the empty text.
        column.values = string_values(*owner, vector, rows, column.validity);
        column.validity = {};
        break;
      case Type::dynamic: column.values = string_values(*owner, vector, rows, column.validity); break;
    }
    batch.columns.push_back(column);
  }
  batch.owner = std::move(owner);
  return batch;
}

}  // namespace

Batch view_chunk(OwnedChunk chunk, const std::vector<ColumnLayout>& layouts) {
  auto owner = std::make_shared<ChunkOwner>();
  owner->chunk = std::move(chunk);
  const duckdb_data_chunk viewed = owner->chunk.get();
  return view_vectors(viewed, 0, layouts, std::move(owner));
}

Batch view_borrowed(duckdb_data_chunk chunk, std::size_t first, const std::vector<ColumnLayout>& layouts) {
  return view_vectors(chunk, first, layouts, std::make_shared<ChunkOwner>());
}

}  // namespace wardian::engine
