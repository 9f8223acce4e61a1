#include "wardian/columnar/row_group.h"

#include <cstring>

#include "wardian/columnar/large_decimals.h"

namespace wardian::columnar {
namespace {

template <class T>
void append_fixed(GatheredColumn& column, const ColumnView& view) {
  const auto bytes = std::as_bytes(std::get<std::span<const T>>(view.values));
  const std::size_t begin = column.values.size();
  column.values.insert(column.values.end(), bytes.begin(), bytes.end());
  if (view.validity.empty()) return;
  // What stands under a null in the engine's memory goes into no file.
  for (std::size_t row = 0; row < bytes.size() / sizeof(T); ++row) {
    if (!view.is_valid(row)) std::memset(column.values.data() + begin + row * sizeof(T), 0, sizeof(T));
  }
}

void append_ticks(GatheredColumn& column, const ColumnView& view) {
  append_fixed<std::int64_t>(column, view);
  const auto& ticks = std::get<std::span<const std::int64_t>>(view.values);
  for (std::size_t row = 0; row < ticks.size(); ++row) {
    if (view.is_valid(row)) column.range.add(ticks[row]);
  }
}

void append_texts(GatheredColumn& column, const ColumnView& view) {
  const auto& texts = std::get<std::span<const std::string_view>>(view.values);
  for (std::size_t row = 0; row < texts.size(); ++row) {
    if (view.is_valid(row)) column.text += texts[row];
    column.ends.push_back(static_cast<std::int32_t>(column.text.size()));
  }
}

std::size_t text_bytes(const ColumnView& view) {
  const auto* const texts = std::get_if<std::span<const std::string_view>>(&view.values);
  std::size_t bytes = 0;
  for (std::size_t row = 0; texts != nullptr && row < texts->size(); ++row) {
    if (view.is_valid(row)) bytes += (*texts)[row].size();
  }
  return bytes;
}

}  // namespace

RowGroup::RowGroup(const Schema& schema, std::size_t rows_max, std::size_t bytes_max)
    : rows_max_(rows_max), bytes_max_(bytes_max) {
  for (const Column& column : schema) columns_.emplace_back(column.type);
}

bool RowGroup::has_room_for(const Batch& batch) const {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].text.size() + text_bytes(batch.columns[i]) > kGroupTextBytesMax) return false;
  }
  return true;
}

Status RowGroup::append(const Batch& batch) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    GatheredColumn& column = columns_[i];
    const ColumnView& view = batch.columns[i];
    const std::size_t before = column.values.size() + column.text.size();
    switch (column.type) {
      case Type::boolean: column.bits.append_bytes(std::get<std::span<const std::uint8_t>>(view.values)); break;
      case Type::int32: append_fixed<std::int32_t>(column, view); break;
      case Type::int64: append_fixed<std::int64_t>(column, view); break;
      case Type::real: append_fixed<double>(column, view); break;
      case Type::decimal:
        if (view.decimal_scale != kDecimalScale)
          return Error{ErrorCode::internal, "Decimals of another scale than KQL's in an answer", {}, {}};
        WARDIAN_TRY(refuse_large_decimals(view, batch.rows));
        append_fixed<Int128>(column, view);
        break;
      case Type::datetime:
      case Type::timespan: append_ticks(column, view); break;
      case Type::string:
      case Type::dynamic:
      case Type::guid: append_texts(column, view); break;
    }
    column.validity.append_validity(rows_, view.validity, batch.rows);
    bytes_ += column.values.size() + column.text.size() - before;
  }
  bytes_ += batch.rows * columns_.size();  // about what validity, bits and the ends of texts take
  rows_ += batch.rows;
  return {};
}

void RowGroup::clear() {
  for (GatheredColumn& column : columns_) column = GatheredColumn(column.type);
  rows_ = 0;
  bytes_ = 0;
}

}  // namespace wardian::columnar
