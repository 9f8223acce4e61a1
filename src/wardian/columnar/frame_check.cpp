#include <simdjson.h>

#include <bit>
#include <cstring>

#include "wardian/columnar/frame_decoder.h"
#include "wardian/columnar/ticks.h"

namespace wardian::columnar {
namespace {

bool is_valid(const FrameColumn& column, std::uint64_t row) {
  return column.validity == nullptr || ((column.validity[row / 64] >> (row % 64)) & 1U) != 0;
}

Error bad_value(const FrameColumn& column, std::uint64_t row, std::string_view what) {
  return {.code = ErrorCode::bad_result,
          .message = "Column " + column.name + ", row " + std::to_string(row) + " of the script's result: " + std::string(what)};
}

void count_nulls(FrameColumn& column, std::uint64_t rows) {
  if (column.validity == nullptr) {
    column.nulls = 0;
    return;
  }
  std::uint64_t valid = 0;
  for (std::uint64_t word = 0; word < rows / 64; ++word)
    valid += static_cast<std::uint64_t>(std::popcount(column.validity[word]));
  for (std::uint64_t row = rows / 64 * 64; row < rows; ++row) valid += is_valid(column, row) ? 1 : 0;
  column.nulls = rows - valid;
  if (column.nulls == 0) column.validity = nullptr;
}

/// 8-4-4-4-12 lower-case hexadecimal digits.
bool is_guid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = text[i];
    const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    if (hyphen ? c != '-' : !digit) return false;
  }
  return true;
}

template <class Offset>
Status check_text(const FrameColumn& column, std::uint64_t rows, std::uint64_t text_bytes, const DecodeLimits& limits) {
  if (rows == 0) return {};
  const auto* offsets = reinterpret_cast<const Offset*>(column.values);
  if (offsets[0] < 0) return bad_value(column, 0, "its text lies outside the buffer");
  Offset longest = 0;
  bool ordered = true;
  for (std::uint64_t row = 0; row < rows; ++row) {
    ordered &= offsets[row] <= offsets[row + 1];
    // Unsigned, so that a wild pair cannot overflow; when ordered it is the true length.
    const auto length =
        static_cast<Offset>(static_cast<std::uint64_t>(offsets[row + 1]) - static_cast<std::uint64_t>(offsets[row]));
    longest = std::max(longest, length);
  }
  if (!ordered) return bad_value(column, 0, "its offsets are out of order");
  if (static_cast<std::uint64_t>(offsets[rows]) > text_bytes)
    return bad_value(column, rows - 1, "its text lies outside the buffer");
  if (static_cast<std::uint64_t>(longest) > limits.cell_bytes_max) {
    return Error{.code = ErrorCode::output_limit,
                 .message = "A value of column " + column.name + " of the script's result is larger than the limit of " +
                            std::to_string(limits.cell_bytes_max) + " bytes"};
  }
  // The whole is valid UTF-8 and no value begins within a character: then each value is valid.
  const char* const begin = column.text + offsets[0];
  const auto size = static_cast<std::size_t>(offsets[rows] - offsets[0]);
  if (size > 0 && !simdjson::validate_utf8(begin, size)) return bad_value(column, 0, "its text is not UTF-8");
  for (std::uint64_t row = 1; row < rows; ++row) {
    if (offsets[row] < offsets[rows] && (static_cast<unsigned char>(column.text[offsets[row]]) & 0xc0U) == 0x80U) {
      return bad_value(column, row, "its text is not UTF-8");
    }
  }
  if (column.type == Type::string) return {};

  simdjson::dom::parser parser;
  for (std::uint64_t row = 0; row < rows; ++row) {
    if (!is_valid(column, row)) continue;
    const std::string_view text(column.text + offsets[row], static_cast<std::size_t>(offsets[row + 1] - offsets[row]));
    if (column.type == Type::guid) {
      if (!is_guid(text)) return bad_value(column, row, "not a guid in its canonical form");
    } else if (parser.parse(text.data(), text.size(), true).error() != simdjson::SUCCESS) {
      return bad_value(column, row, "not JSON");
    }
  }
  return {};
}

/// How far from zero a count of this unit may be for its ticks to fit.
constexpr std::int64_t ticks_per(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::second: return kTicksPerSecond;
    case TimeUnit::milli: return kTicksPerSecond / 1000;
    case TimeUnit::micro: return kTicksPerMicrosecond;
    case TimeUnit::nano: return 1;  // divides instead
  }
  return 1;
}

Status check_times(const FrameColumn& column, std::uint64_t rows) {
  const auto* counts = reinterpret_cast<const std::int64_t*>(column.values);
  const std::int64_t per = ticks_per(column.border.unit);
  std::int64_t low = std::numeric_limits<std::int64_t>::min() / per;
  std::int64_t high = std::numeric_limits<std::int64_t>::max() / per;
  if (column.type == Type::datetime) {
    if (column.border.unit == TimeUnit::nano) {
      low = std::numeric_limits<std::int64_t>::min();
    } else {
      low = -(kTicksUnixEpoch / per);
      high = (kTicksMax - kTicksUnixEpoch) / per;
    }
  }
  for (std::uint64_t row = 0; row < rows; ++row) {
    if ((counts[row] < low || counts[row] > high) && is_valid(column, row)) {
      return bad_value(column, row, "a time outside the range of " + std::string(type_name(column.type)));
    }
  }
  return {};
}

/// Any count is a timespan; a datetime lies in the years 1 to 9999.
Status check_ticks(const FrameColumn& column, std::uint64_t rows) {
  if (column.type != Type::datetime) return {};
  const auto* ticks = reinterpret_cast<const std::int64_t*>(column.values);
  for (std::uint64_t row = 0; row < rows; ++row) {
    if ((ticks[row] < 0 || ticks[row] > kTicksMax) && is_valid(column, row)) {
      return bad_value(column, row, "a time outside the range of datetime");
    }
  }
  return {};
}

Status check_decimals(const FrameColumn& column, std::uint64_t rows) {
  Int128 bound = 1;
  for (int digit = 0; digit < column.border.precision; ++digit) bound *= 10;
  for (std::uint64_t row = 0; row < rows; ++row) {
    Int128 value;
    std::memcpy(&value, column.values + 16 * row, 16);
    if ((value >= bound || value <= -bound) && is_valid(column, row)) {
      return bad_value(column, row, "more digits than a decimal holds");
    }
  }
  return {};
}

}  // namespace

Status check_values(FrameColumn& column, std::uint64_t rows, std::uint64_t text_bytes, const DecodeLimits& limits) {
  count_nulls(column, rows);
  switch (column.border.layout) {
    case Layout::bits:
    case Layout::int32:
    case Layout::float64: return {};
    case Layout::int64: return check_ticks(column, rows);
    case Layout::decimal128: return check_decimals(column, rows);
    case Layout::timestamp:
    case Layout::duration: return check_times(column, rows);
    case Layout::utf8: return check_text<std::int32_t>(column, rows, text_bytes, limits);
    case Layout::large_utf8: return check_text<std::int64_t>(column, rows, text_bytes, limits);
  }
  return {};
}

}  // namespace wardian::columnar
