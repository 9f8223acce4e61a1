#include "wardian/columnar/frame_block.h"

#include <algorithm>
#include <limits>

#include "wardian/columnar/large_decimals.h"
#include "wardian/columnar/ticks.h"

namespace wardian::columnar {
namespace {

/// Appends the values, with `missing` in the place of nulls.
template <class T>
void append_fixed(ColumnBlock& column, const ColumnView& view, T missing) {
  const auto& values = std::get<std::span<const T>>(view.values);
  const std::size_t begin = column.values.size();
  const std::span<const std::byte> bytes = std::as_bytes(values);
  column.values.insert(column.values.end(), bytes.begin(), bytes.end());
  if (view.validity.empty()) return;
  auto* const out = reinterpret_cast<T*>(column.values.data() + begin);
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (!view.is_valid(row)) out[row] = missing;
  }
}

void append_text(ColumnBlock& column, const ColumnView& view) {
  const auto& values = std::get<std::span<const std::string_view>>(view.values);
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (view.is_valid(row)) {
      column.text += values[row];
      column.long_texts += values[row].size() > 1 ? 1 : 0;
    }
    const auto end = static_cast<std::int64_t>(column.text.size());
    const auto* const bytes = reinterpret_cast<const std::byte*>(&end);
    column.values.insert(column.values.end(), bytes, bytes + sizeof end);
  }
}

std::int64_t since(std::int64_t tick, std::int64_t epoch) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(tick) - static_cast<std::uint64_t>(epoch));
}

}  // namespace

FrameBlock::FrameBlock(const Schema& schema, std::uint8_t decimal_scale) : schema_(schema) {
  for (const Column& column : schema) {
    columns_.push_back({.border = border_type_of(column.type, decimal_scale)});
    const Layout layout = columns_.back().border.layout;
    row_bytes_ += is_text(layout) ? sizeof(std::int64_t) : std::max<std::size_t>(1, fixed_width_bytes(layout));
  }
  rows_max_ = std::max<std::size_t>(1, kFixedBytesMax / std::max<std::size_t>(1, row_bytes_));
}

Status FrameBlock::append(const Batch& batch) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    ColumnBlock& column = columns_[i];
    const ColumnView& view = batch.columns[i];
    const Type type = schema_[i].type;
    const std::size_t text_before = column.text.size();
    switch (type) {
      case Type::boolean: column.bits.append_bytes(std::get<std::span<const std::uint8_t>>(view.values)); break;
      case Type::int32: append_fixed<std::int32_t>(column, view, 0); break;
      case Type::int64: append_fixed<std::int64_t>(column, view, 0); break;
      case Type::real: append_fixed(column, view, std::numeric_limits<double>::quiet_NaN()); break;
      case Type::decimal:
        if (view.decimal_scale != column.border.scale) {
          return Error{.code = ErrorCode::internal, .message = "Decimals of another scale than the frame's"};
        }
        WARDIAN_TRY(refuse_large_decimals(view, batch.rows));
        append_fixed(column, view, Int128{0});
        break;
      case Type::datetime:
      case Type::timespan: append_fixed<std::int64_t>(column, view, 0); break;
      case Type::string:
      case Type::dynamic:
      case Type::guid: append_text(column, view); break;
    }
    if (type != Type::string) column.validity.append_validity(rows_, view.validity, batch.rows);  // never null: empty instead
    text_bytes_ += column.text.size() - text_before;
  }
  rows_ += batch.rows;
  return {};
}

void FrameBlock::clear() {
  for (ColumnBlock& column : columns_) {
    column.values.clear();
    column.text.clear();
    column.long_texts = 0;
    column.bits = {};
    column.validity = {};
  }
  rows_ = 0;
  text_bytes_ = 0;
}

bool ticks_to_nanoseconds(std::span<std::int64_t> ticks, const BitBuffer& validity, std::int64_t epoch) {
  const auto valid = [&](std::size_t row) {
    return validity.size() == 0 || ((validity.words()[row / 64] >> (row % 64)) & 1U) != 0;
  };
  bool fits = true;
  for (std::size_t row = 0; row < ticks.size(); ++row) {
    const std::int64_t count = since(ticks[row], epoch);
    fits &= (count <= kTicksMaxAsNanoseconds && count >= -kTicksMaxAsNanoseconds) || !valid(row);
  }
  for (std::size_t row = 0; row < ticks.size(); ++row) {
    if (!valid(row)) {
      ticks[row] = kNotATime;
    } else if (fits) {
      ticks[row] = since(ticks[row], epoch) * kNanosecondsPerTick;
    }
  }
  return fits;
}

}  // namespace wardian::columnar
