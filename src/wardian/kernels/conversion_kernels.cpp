#include "wardian/kernels/conversion.h"

#include <cmath>
#include <limits>

#include "wardian/base/whole_decimal.h"
#include "wardian/kernels/datetime.h"
#include "wardian/kernels/decimal.h"
#include "wardian/kernels/json_text.h"
#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"
#include "wardian/kernels/number_text.h"
#include "wardian/kernels/timespan.h"

namespace wardian::kernels {
namespace {

/// Calls `read` with the characters of a JSON string, or with the JSON text of a number.
template <class Read>
auto from_text_of(std::string_view json, Read read) -> decltype(read(json)) {
  if (json_kind(json) != JsonKind::string) return read(json);
  if (json.find('\\') == std::string_view::npos) return read(json.substr(1, json.size() < 2 ? 0 : json.size() - 2));
  return read(unescaped(json));
}

std::optional<std::int32_t> narrowed(std::optional<std::int64_t> value) {
  constexpr std::int64_t kLeast = std::numeric_limits<std::int32_t>::min();
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
  if (!value || *value < kLeast || *value > kMost) return std::nullopt;
  return static_cast<std::int32_t>(*value);
}

}  // namespace

std::optional<std::int64_t> dynamic_to_long(std::string_view json) {
  switch (json_kind(json)) {
    case JsonKind::boolean: return json == "true" ? 1 : 0;
    case JsonKind::array:
    case JsonKind::object:
    case JsonKind::null: return std::nullopt;
    default: return from_text_of(json, [](std::string_view text) { return parse_long(text); });
  }
}

std::optional<double> dynamic_to_real(std::string_view json) {
  switch (json_kind(json)) {
    case JsonKind::boolean: return json == "true" ? 1 : 0;
    case JsonKind::array:
    case JsonKind::object:
    case JsonKind::null: return std::nullopt;
    default: return from_text_of(json, [](std::string_view text) { return parse_real(text); });
  }
}

std::optional<bool> dynamic_to_bool(std::string_view json) {
  switch (json_kind(json)) {
    case JsonKind::boolean: return json == "true";
    case JsonKind::array:
    case JsonKind::object:
    case JsonKind::null: return std::nullopt;
    default: return from_text_of(json, [](std::string_view text) { return parse_bool(text); });
  }
}

std::optional<std::int64_t> dynamic_to_datetime(std::string_view json) {
  if (json_kind(json) == JsonKind::integer) return parse_long(json);
  if (json_kind(json) != JsonKind::string) return std::nullopt;
  return from_text_of(json, [](std::string_view text) { return parse_datetime(text); });
}

std::optional<std::int64_t> dynamic_to_timespan(std::string_view json) {
  if (json_kind(json) == JsonKind::integer) return parse_long(json);
  if (json_kind(json) != JsonKind::string) return std::nullopt;
  return from_text_of(json, [](std::string_view text) { return parse_timespan(text); });
}

bool append_guid(std::string& out, std::string_view text, bool more_may_follow) {
  text = trimmed(text);
  if (text.size() > 2 && ((text.front() == '{' && text.back() == '}') || (text.front() == '(' && text.back() == ')'))) {
    text = text.substr(1, text.size() - 2);
  }
  char digits[32];
  std::size_t count = 0;
  for (char c : text) {
    if (more_may_follow && count == 32) break;
    if (c == '-') continue;
    if (count == 32) return false;
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c + 32);
    const bool hexadecimal = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    if (!hexadecimal) return false;
    digits[count++] = c;
  }
  if (count != 32) return false;
  std::size_t at = 0;
  for (const std::size_t size : {8, 4, 4, 4, 12}) {
    if (at > 0) out.push_back('-');
    out.append(digits + at, size);
    at += size;
  }
  return true;
}

namespace {

void real_to_text(std::optional<double> value, std::string& out) {
  if (value) append_real(out, *value);
}
void datetime_to_text(std::optional<std::int64_t> ticks, std::string& out) {
  if (ticks) append_datetime(out, *ticks);
}
void timespan_to_text(std::optional<std::int64_t> ticks, std::string& out) {
  if (ticks) append_timespan(out, *ticks);
}

/// Plain notation without zeros at the end.
void append_decimal(std::string& out, Decimal value, int scale = kDecimalPlaces) {
  if (const auto whole = large_whole_of(value.unscaled)) return append_decimal(out, Decimal{*whole}, 0);
  const bool negative = value.unscaled < 0;
  __extension__ using UnsignedInt128 = unsigned __int128;
  UnsignedInt128 rest = negative ? -static_cast<UnsignedInt128>(value.unscaled) : static_cast<UnsignedInt128>(value.unscaled);
  char digits[48];
  int at = 48;
  for (int place = 0; place < scale + 1 || rest != 0; ++place) {
    if (scale != 0 && place == scale) digits[--at] = '.';
    digits[--at] = static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  }
  int end = 48;
  if (scale != 0) {
    while (digits[end - 1] == '0') --end;
    if (digits[end - 1] == '.') --end;
  }
  if (negative) out.push_back('-');
  out.append(digits + at, static_cast<std::size_t>(end - at));
}
void decimal_to_text(std::optional<Decimal> value, std::string& out) {
  if (value) append_decimal(out, *value);
}
void dynamic_to_text(std::optional<Text> json, std::string& out) {
  if (json) append_dynamic_as_text(out, *json);
}
/// A dynamic string is read as a decimal; other kinds than numbers are none.
bool dynamic_to_decimal_text(Text json, std::string& out) {
  const JsonKind kind = json_kind(json);
  if (kind != JsonKind::integer && kind != JsonKind::real && kind != JsonKind::string) return false;
  append_dynamic_as_text(out, json);
  return true;
}

std::optional<std::int64_t> text_to_long(Text text) { return parse_long(text); }
std::optional<std::int64_t> text_to_exact_long(Text text) { return parse_exact_long(text); }
std::optional<bool> text_is_plain_long(Text text) { return is_plain_long(text); }
std::optional<std::int32_t> text_to_int(Text text) { return narrowed(parse_long(text)); }
std::optional<double> text_to_real(Text text) { return parse_real(text); }
std::optional<bool> text_to_bool(Text text) { return parse_bool(text); }
std::optional<std::int64_t> text_to_datetime(Text text) { return parse_datetime(text); }
std::optional<std::int64_t> text_to_timespan(Text text) { return parse_timespan(text); }
/// Reads the first 32 digits of the text, as documented; what follows is passed over.
bool text_to_guid(Text text, std::string& out) { return append_guid(out, text, true); }
std::optional<std::int32_t> dynamic_to_int(Text json) { return narrowed(dynamic_to_long(json)); }
bool dynamic_to_guid(Text json, std::string& out) {
  if (json_kind(json) != JsonKind::string) return false;
  return append_guid(out, unescaped(json), true);
}

bool text_to_json(Text text, std::string& out) {
  append_json_string(out, text);
  return true;
}
bool real_to_json(double value, std::string& out) {
  append_json_real(out, value);
  return true;
}
double decimal_to_real(Decimal value) {
  if (const auto whole = large_whole_of(value.unscaled)) return static_cast<double>(*whole);
  return static_cast<double>(static_cast<long double>(value.unscaled) / static_cast<long double>(kDecimalUnit));
}
bool decimal_to_json(Decimal value, std::string& out) {
  append_decimal(out, value);
  return true;
}
bool datetime_to_json(std::int64_t ticks, std::string& out) {
  out.push_back('"');
  append_datetime(out, ticks);
  out.push_back('"');
  return true;
}
bool timespan_to_json(std::int64_t ticks, std::string& out) {
  out.push_back('"');
  append_timespan(out, ticks);
  out.push_back('"');
  return true;
}

/// Text that is no JSON becomes a JSON string of itself; nothing and the word null are null.
bool parse_json(Text text, std::string& out) {
  const std::string_view inside = trimmed(text);
  if (inside.empty()) return false;
  if (!append_canonical_json(out, inside)) append_json_string(out, text);
  return out != "null";
}

bool member(Text json, Text name, std::string& out) {
  const auto found = json_member(json, name);
  if (found) out.append(*found);
  return found.has_value();
}
bool element(Text json, std::int64_t index, std::string& out) {
  const auto found = json_element(json, index);
  if (found) out.append(*found);
  return found.has_value();
}
/// value[path] where only the data knows whether the path is a name or a position.
bool at_path(Text json, Text path, std::string& out) {
  if (json_kind(path) == JsonKind::string) return member(json, unescaped(path), out);
  const auto index = dynamic_to_long(path);
  return index && element(json, *index, out);
}

void type_of_dynamic(std::optional<Text> json, std::string& out) {
  switch (json ? json_kind(*json) : JsonKind::null) {
    case JsonKind::null: out = "null"; return;
    case JsonKind::boolean: out = "bool"; return;
    case JsonKind::integer: out = narrowed(parse_long(*json)) ? "int" : "long"; return;
    case JsonKind::real: out = "double"; return;
    case JsonKind::string: out = "string"; return;
    case JsonKind::array: out = "array"; return;
    case JsonKind::object: out = "dictionary"; return;
  }
}

constexpr Kernel kKernels[] = {
    kernel<&at_path>("wardian_dynamic_at"),
    kernel<&element>("wardian_dynamic_element"),
    kernel<&member>("wardian_dynamic_member"),
    kernel<&type_of_dynamic>("wardian_dynamic_type"),
    kernel<&dynamic_to_bool>("wardian_dynamic_to_bool"),
    kernel<&dynamic_to_datetime>("wardian_dynamic_to_datetime"),
    kernel<&dynamic_to_decimal_text>("wardian_dynamic_to_decimal_text"),
    kernel<&dynamic_to_guid>("wardian_dynamic_to_guid_text"),
    kernel<&dynamic_to_int>("wardian_dynamic_to_int"),
    kernel<&dynamic_to_long>("wardian_dynamic_to_long"),
    kernel<&dynamic_to_real>("wardian_dynamic_to_real"),
    kernel<&dynamic_to_text>("wardian_dynamic_to_text"),
    kernel<&dynamic_to_timespan>("wardian_dynamic_to_timespan"),
    kernel<&datetime_to_json>("wardian_json_of_datetime"),
    kernel<&decimal_to_json>("wardian_json_of_decimal"),
    kernel<&real_to_json>("wardian_json_of_real"),
    kernel<&text_to_json>("wardian_json_of_text"),
    kernel<&timespan_to_json>("wardian_json_of_timespan"),
    kernel<&parse_json>("wardian_parse_json"),
    kernel<&datetime_to_text>("wardian_text_of_datetime"),
    kernel<&decimal_to_real>("wardian_real_of_decimal"),
    kernel<&decimal_to_text>("wardian_text_of_decimal"),
    kernel<&real_to_text>("wardian_text_of_real"),
    kernel<&timespan_to_text>("wardian_text_of_timespan"),
    kernel<&text_is_plain_long>("wardian_text_is_plain_long"),
    kernel<&text_to_bool>("wardian_text_to_bool"),
    kernel<&text_to_datetime>("wardian_text_to_datetime"),
    kernel<&text_to_exact_long>("wardian_text_to_exact_long"),
    kernel<&text_to_guid>("wardian_text_to_guid_text"),
    kernel<&text_to_int>("wardian_text_to_int"),
    kernel<&text_to_long>("wardian_text_to_long"),
    kernel<&text_to_real>("wardian_text_to_real"),
    kernel<&text_to_timespan>("wardian_text_to_timespan"),
};

}  // namespace

std::span<const Kernel> conversion_kernels() { return kKernels; }

}  // namespace wardian::kernels
