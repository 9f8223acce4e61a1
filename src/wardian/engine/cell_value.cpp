#include "wardian/base/overloaded.h"
#include "wardian/base/whole_decimal.h"
#include "wardian/engine/connection.h"

namespace wardian::engine {

using columnar::ColumnView;
using columnar::Int128;
using columnar::Type;
using columnar::Value;

namespace {

__extension__ using UnsignedInt128 = unsigned __int128;

/// Plain notation with `scale` digits after the point, trailing zeros of the fraction dropped.
std::string decimal_text(Int128 number, unsigned scale) {
  if (const auto whole = large_whole_of(number)) return decimal_text(*whole, 0);
  const bool negative = number < 0;
  auto magnitude = static_cast<UnsignedInt128>(number);
  if (negative) magnitude = -magnitude;
  std::string digits;
  while (magnitude != 0 || digits.size() <= scale) {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(magnitude % 10)));
    magnitude /= 10;
  }
  if (scale > 0) {
    digits.insert(digits.size() - scale, 1, '.');
    while (digits.back() == '0') digits.pop_back();
    if (digits.back() == '.') digits.pop_back();
  }
  return (negative && digits != "0" ? "-" : "") + digits;
}

}  // namespace

Value cell_value(const ColumnView& column, std::size_t row) {
  if (!column.is_valid(row)) return columnar::null_of(column.type);
  Value value{column.type, std::monostate()};
  std::visit(overloaded{
                 [&](std::span<const std::uint8_t> values) { value.held = values[row] != 0; },
                 [&](std::span<const std::int32_t> values) { value.held = std::int64_t{values[row]}; },
                 [&](std::span<const std::int64_t> values) { value.held = values[row]; },
                 [&](std::span<const double> values) { value.held = values[row]; },
                 [&](std::span<const Int128> values) { value.held = decimal_text(values[row], column.decimal_scale); },
                 [&](std::span<const std::string_view> values) { value.held = std::string(values[row]); },
             },
             column.values);
  return value;
}

}  // namespace wardian::engine
