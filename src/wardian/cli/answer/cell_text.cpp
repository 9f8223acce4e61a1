#include "wardian/cli/answer/cell_text.h"

#include <cmath>

#include "wardian/base/overloaded.h"
#include "wardian/cli/answer/decimal_text.h"
#include "wardian/kernels/datetime.h"
#include "wardian/kernels/json_text.h"
#include "wardian/kernels/number_text.h"
#include "wardian/kernels/timespan.h"

namespace wardian::cli {

using columnar::Type;

namespace {

/// JSON numbers as the REST endpoints write reals: always with a point or an exponent, 1.0 and not 1.
void append_real_json(std::string& out, double value) {
  if (std::isfinite(value)) {
    kernels::append_json_real(out, value);
  } else {
    out.append(std::isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"");
  }
}

void append_ticks(std::string& out, Type type, std::int64_t value) {
  if (type == Type::datetime) {
    out.append(kernels::format_datetime(value));
  } else if (type == Type::timespan) {
    kernels::append_timespan(out, value);
  } else {
    kernels::append_long(out, value);
  }
}

}  // namespace

void append_cell_text(std::string& out, const columnar::ColumnView& column, std::size_t row) {
  if (!column.is_valid(row)) return;
  std::visit(overloaded{[&](std::span<const std::uint8_t> values) { out.append(values[row] != 0 ? "true" : "false"); },
                        [&](std::span<const std::int32_t> values) { kernels::append_long(out, values[row]); },
                        [&](std::span<const std::int64_t> values) { append_ticks(out, column.type, values[row]); },
                        [&](std::span<const double> values) { kernels::append_real(out, values[row]); },
                        [&](std::span<const columnar::Int128> values) { append_decimal(out, values[row], column.decimal_scale); },
                        [&](std::span<const std::string_view> values) { out.append(values[row]); }},
             column.values);
}

void append_cell_json(std::string& out, const columnar::ColumnView& column, std::size_t row) {
  if (!column.is_valid(row)) {
    out.append("null");
    return;
  }
  std::visit(overloaded{[&](std::span<const std::uint8_t> values) { out.append(values[row] != 0 ? "true" : "false"); },
                        [&](std::span<const std::int32_t> values) { kernels::append_long(out, values[row]); },
                        [&](std::span<const std::int64_t> values) {
                          const bool quoted = column.type != Type::int64;
                          if (quoted) out.push_back('"');
                          append_ticks(out, column.type, values[row]);
                          if (quoted) out.push_back('"');
                        },
                        [&](std::span<const double> values) { append_real_json(out, values[row]); },
                        [&](std::span<const columnar::Int128> values) {
                          out.push_back('"');
                          append_decimal(out, values[row], column.decimal_scale);
                          out.push_back('"');
                        },
                        [&](std::span<const std::string_view> values) {
                          if (column.type == Type::dynamic) {
                            out.append(values[row]);
                          } else {
                            kernels::append_json_string(out, values[row]);
                          }
                        }},
             column.values);
}

}  // namespace wardian::cli
