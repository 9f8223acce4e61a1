#include "wardian/kql/syntax/typed_literal.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "wardian/kernels/conversion.h"
#include "wardian/kernels/datetime.h"
#include "wardian/kernels/number_text.h"
#include "wardian/kernels/timespan.h"

namespace wardian::kql::syntax {
namespace {

using columnar::Type;
using columnar::Value;

constexpr std::size_t kDecimalWholeDigitsMax = 21, kDecimalPlaces = 17;  // decision 0003

/// Digits before the point of a number in plain notation.
std::size_t whole_digits(std::string_view plain) {
  if (plain.starts_with('-')) plain.remove_prefix(1);
  return std::min(plain.find('.'), plain.size());
}

/// A number in plain notation with no more places than a decimal has; a half goes to the even neighbour.
std::string rounded(const std::string& plain) {
  const auto point = std::find(plain.begin(), plain.end(), '.');
  if (plain.end() - point <= static_cast<std::ptrdiff_t>(kDecimalPlaces) + 1) return plain;
  const auto rest = point + 1 + static_cast<std::ptrdiff_t>(kDecimalPlaces);
  const bool more = std::any_of(rest + 1, plain.end(), [](char digit) { return digit != '0'; });
  const bool odd = (*(rest - 1) - '0') % 2 == 1;
  const bool up = *rest > '5' || (*rest == '5' && (more || odd));
  std::string made(plain.begin(), rest);
  for (auto digit = made.rbegin(); up && digit != made.rend(); ++digit) {
    if (*digit == '.') continue;
    if (*digit >= '0' && *digit < '9') {
      ++*digit;
      return made;
    }
    if (*digit == '-') break;
    *digit = '0';
  }
  if (!up) return made;
  // Nines only: one digit more.
  const bool negative = made.front() == '-';
  made.insert(made.begin() + (negative ? 1 : 0), '1');
  return made;
}

std::optional<std::int64_t> signed_number(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (negative && text == "9223372036854775808") return std::numeric_limits<std::int64_t>::min();
  const std::optional<std::int64_t> value = whole_number(text);
  return value && negative ? std::optional(-*value) : value;
}

std::string_view without_quotes(std::string_view text) {
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front()) {
    return text.substr(1, text.size() - 2);
  }
  return text;
}

template <class T>
std::optional<Value> held(Type type, std::optional<T> value) {
  if (!value) return std::nullopt;
  return Value{type, std::move(*value)};
}

std::optional<Value> value_of(Type type, std::string_view text) {
  switch (type) {
    case Type::boolean: return held(type, kernels::parse_bool(text));
    case Type::int32: {
      const std::optional<std::int64_t> value = signed_number(text);
      if (!value || *value > std::numeric_limits<std::int32_t>::max() || *value < std::numeric_limits<std::int32_t>::min()) {
        return std::nullopt;
      }
      return Value{type, *value};
    }
    case Type::int64: return held(type, signed_number(text));
    case Type::real: return held(type, kernels::parse_real(text));
    case Type::decimal: {
      std::optional<std::string> plain = plain_decimal(text);
      return plain ? held(type, std::optional(rounded(*plain))) : std::nullopt;
    }
    case Type::datetime: return held(type, kernels::parse_datetime(without_quotes(text)));
    case Type::timespan: return held(type, kernels::parse_timespan(without_quotes(text)));
    case Type::guid: {
      std::string canonical;
      if (!kernels::append_guid(canonical, without_quotes(text))) return std::nullopt;
      return Value{type, std::move(canonical)};
    }
    case Type::string:
    case Type::dynamic: break;
  }
  return std::nullopt;
}

Error beyond_decimal(std::string_view text, SourceSpan span) {
  return Error{ErrorCode::bad_literal, "Beyond the range of a decimal: " + std::string(text.substr(0, 60)), span,
               "A decimal has at most 21 digits before the point; real(…) goes further"};
}

std::string example_of(Type type) {
  switch (type) {
    case Type::datetime: return "For example datetime(2024-03-31 18:30:00)";
    case Type::timespan: return "For example timespan(1.02:30:00), time(2h), 90s";
    case Type::guid: return "For example guid(74be27de-1e4e-49d9-b579-fe0b331d3642)";
    default: return {};
  }
}

}  // namespace

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  if (hex) text.remove_prefix(2);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!hex && value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

std::optional<std::string> plain_decimal(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  std::int64_t exponent = 0;
  if (const std::size_t e = text.find_first_of("eE"); e != std::string_view::npos) {
    std::string_view digits = text.substr(e + 1);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    text = text.substr(0, e);
  }
  std::string digits;
  std::int64_t scale = 0;
  bool point = false;
  for (char c : text) {
    if (c == '.' && !point)
      point = true;
    else if (c >= '0' && c <= '9') {
      digits += c;
      if (point) ++scale;
    } else
      return std::nullopt;
  }
  if (digits.empty() || std::abs(exponent) > 1000) return std::nullopt;
  scale -= exponent;
  if (scale < 0) {
    digits.append(static_cast<std::size_t>(-scale), '0');
    scale = 0;
  }
  if (digits.size() <= static_cast<std::size_t>(scale)) {
    digits.insert(0, static_cast<std::size_t>(scale) + 1 - digits.size(), '0');
  }
  const std::size_t point_at = digits.size() - static_cast<std::size_t>(scale);
  std::size_t zeros = 0;
  while (zeros + 1 < point_at && digits[zeros] == '0') ++zeros;
  std::string plain = negative ? "-" : "";
  plain += digits.substr(zeros, point_at - zeros);
  if (scale > 0) plain += "." + digits.substr(point_at);
  return plain;
}

Result<Value> typed_value(Type type, std::string_view text, SourceSpan span) {
  const std::string_view trimmed = kernels::trimmed(text);
  if (trimmed == "null" || trimmed.empty()) return columnar::null_of(type);
  if (std::optional<Value> value = value_of(type, trimmed)) {
    const bool far = type == Type::decimal && whole_digits(std::get<std::string>(value->held)) > kDecimalWholeDigitsMax;
    return far ? beyond_decimal(trimmed, span) : Result<Value>(std::move(*value));
  }
  if (type == Type::decimal && kernels::parse_real(trimmed).value_or(0) > 1) return beyond_decimal(trimmed, span);
  return Error{ErrorCode::bad_literal,
               "Not a " + std::string(columnar::type_name(type)) + ": " + std::string(trimmed.substr(0, 60)), span,
               example_of(type)};
}

}  // namespace wardian::kql::syntax
