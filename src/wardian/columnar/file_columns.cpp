#include "wardian/columnar/file_columns.h"

#include "wardian/columnar/ticks.h"

namespace wardian::columnar {
namespace {

void append_json_string(std::string& out, std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    if (const auto code = static_cast<unsigned char>(c); code < 0x20) {
      out += "\\u00";
      out += kDigits[code / 16];
      out += kDigits[code % 16];
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

std::int64_t epoch_of(Type type) { return type == Type::datetime ? kTicksUnixEpoch : 0; }

}  // namespace

std::string file_columns_text(std::span<const FileColumn> columns) {
  std::string out = "{\"columns\":[";
  for (const FileColumn& column : columns) {
    if (&column != columns.data()) out += ',';
    out += "{\"name\":";
    append_json_string(out, column.name);
    out += ",\"type\":\"" + std::string(type_name(column.type)) + "\"";
    for (const auto& [name, unit] : kFileUnits) {
      if (unit == column.unit) out += ",\"unit\":\"" + std::string(name) + "\"";
    }
    out += '}';
  }
  return out + "]}";
}

TickRange::TickRange(Type type) : epoch_(epoch_of(type)) {}

std::int64_t convert_count(std::int64_t count, Type type, FileUnit from, FileUnit to) {
  if (from == to) return count;
  // Over ticks since 1970, or of the span: they fit wherever the counts of both units do.
  std::int64_t ticks = count;
  switch (from) {
    case FileUnit::none: return count;
    case FileUnit::nanoseconds: ticks = floor_divide(count, kNanosecondsPerTick); break;
    case FileUnit::microseconds: ticks = count * kTicksPerMicrosecond; break;
    case FileUnit::ticks:
      ticks = static_cast<std::int64_t>(static_cast<std::uint64_t>(count) - static_cast<std::uint64_t>(epoch_of(type)));
      break;
  }
  switch (to) {
    case FileUnit::none: return count;
    case FileUnit::nanoseconds: return static_cast<std::int64_t>(static_cast<std::uint64_t>(ticks) * kNanosecondsPerTick);
    case FileUnit::microseconds: return floor_divide(ticks, kTicksPerMicrosecond);
    case FileUnit::ticks: return ticks + epoch_of(type);
  }
  return count;
}

}  // namespace wardian::columnar
