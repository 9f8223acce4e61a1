#include "wardian/algorithm/cell_columns.h"

#include "wardian/algorithm/row_values.h"
#include "wardian/base/overloaded.h"

namespace wardian::algorithm {

using columnar::ColumnView;
using columnar::Type;

void read_cell(const ColumnView& view, std::size_t row, Cell& cell) {
  if (!view.is_valid(row)) {
    if (view.type == Type::string) return cell.set_text({});
    return cell.set_null();
  }
  std::visit(overloaded{[&](std::span<const std::uint8_t> values) { cell.set_truth(values[row] != 0); },
                        [&](std::span<const std::int32_t> values) { cell.set_whole(values[row]); },
                        [&](std::span<const std::int64_t> values) { cell.set_whole(values[row]); },
                        [&](std::span<const double> values) { cell.set_real(values[row]); },
                        [&](std::span<const kernels::Int128> values) { cell.set_decimal(values[row]); },
                        [&](std::span<const std::string_view> values) { cell.set_text(values[row]); }},
             view.values);
}

void write_cell(BatchBuilder& out, std::size_t column, Type type, const Cell& cell) {
  if (cell.is_null()) return out.add_null(column);
  switch (type) {
    case Type::boolean: return out.add_bool(column, as_truth(cell));
    case Type::int32:
    case Type::int64:
    case Type::datetime:
    case Type::timespan: {
      Cell whole = cell;
      if (!converted(type == Type::int32 ? RowOp::to_int : RowOp::to_long, whole)) return out.add_null(column);
      if (type == Type::int32) return out.add_int(column, static_cast<std::int32_t>(whole.whole));
      return out.add_long(column, whole.whole);
    }
    case Type::real: return out.add_real(column, as_real(cell));
    case Type::decimal: {
      const auto made = as_decimal(cell);
      return made ? out.add_decimal(column, *made) : out.add_null(column);
    }
    case Type::string:
    case Type::dynamic:
    case Type::guid: break;
  }
  if (cell.kind == Cell::Kind::text) return out.add_text(column, cell.text);
  out.add_text(column, as_text(cell));
}

bool same_cell(const Cell& a, const Cell& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case Cell::Kind::null: return true;
    case Cell::Kind::boolean: return a.truth == b.truth;
    case Cell::Kind::whole: return a.whole == b.whole;
    case Cell::Kind::decimal: return a.decimal == b.decimal;
    case Cell::Kind::real: return a.real == b.real || (a.real != a.real && b.real != b.real);
    case Cell::Kind::text: return a.text == b.text;
  }
  return false;
}

}  // namespace wardian::algorithm
