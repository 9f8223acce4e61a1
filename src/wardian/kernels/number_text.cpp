#include "wardian/kernels/number_text.h"

#include <charconv>
#include <cmath>
#include <limits>

namespace wardian::kernels {
namespace {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool equals_ignoring_case(std::string_view text, std::string_view lower_text) {
  if (text.size() != lower_text.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (lower(text[i]) != lower_text[i]) return false;
  }
  return true;
}

/// Finite values: digits and exponent as the shortest round trip gives them, laid out as .NET does: plain from 1E-05 up
/// to 1E+15, else with an exponent of at least two digits.
void append_finite(std::string& out, double value, bool point_always) {
  char text[40];
  const auto [end, error] = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific);
  static_cast<void>(error);
  std::string_view written(text, static_cast<std::size_t>(end - text));
  if (written.front() == '-') {
    out.push_back('-');
    written.remove_prefix(1);
  }
  const std::size_t e = written.find('e');
  int exponent = 0;
  std::from_chars(written.data() + e + (written[e + 1] == '+' ? 2 : 1), written.data() + written.size(), exponent);
  // The digits in one piece: the first one moves over the point.
  char* const first = text + (written.data() - text) + (e > 1 ? 1 : 0);
  *first = written[0];
  const std::string_view digits(first, e > 1 ? e - 1 : 1);
  const int count = static_cast<int>(digits.size());
  if (exponent < -5 || exponent >= 15) {
    out.push_back(digits[0]);
    if (count > 1) out.append(".").append(digits, 1);
    out.push_back('E');
    out.push_back(exponent < 0 ? '-' : '+');
    const int size = exponent < 0 ? -exponent : exponent;
    if (size < 10) out.push_back('0');
    append_long(out, size);
  } else if (exponent < 0) {
    out.append("0.").append(static_cast<std::size_t>(-exponent - 1), '0').append(digits);
  } else if (count <= exponent + 1) {
    out.append(digits).append(static_cast<std::size_t>(exponent + 1 - count), '0');
    if (point_always) out.append(".0");
  } else {
    const auto whole = static_cast<std::size_t>(exponent + 1);
    out.append(digits.substr(0, whole)).append(".").append(digits.substr(whole));
  }
}

}  // namespace

void append_real(std::string& out, double value) {
  if (std::isnan(value))
    out.append("NaN");
  else if (std::isinf(value))
    out.append(value < 0 ? "-Infinity" : "Infinity");
  else
    append_finite(out, value, false);
}

void append_json_real(std::string& out, double value) {
  if (std::isfinite(value)) return append_finite(out, value, true);
  out.push_back('"');
  append_real(out, value);
  out.push_back('"');
}

void append_long(std::string& out, std::int64_t value) {
  char text[24];
  const auto [end, error] = std::to_chars(text, text + sizeof text, value);
  static_cast<void>(error);
  out.append(text, static_cast<std::size_t>(end - text));
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n\f\v");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n\f\v") - first + 1);
}

std::optional<std::int64_t> parse_long(std::string_view text) {
  text = trimmed(text);
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  if (text.empty() || text.front() == '+') return std::nullopt;
  const char* const end = text.data() + text.size();
  if (text.size() > 2 && text[0] == '0' && lower(text[1]) == 'x') {
    std::uint64_t bits = 0;
    const auto [stop, error] = std::from_chars(text.data() + 2, end, bits, 16);
    if (error != std::errc() || stop != end) return std::nullopt;
    return static_cast<std::int64_t>(bits);
  }
  std::int64_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc() && stop == end) return value;
  if (error == std::errc::result_out_of_range && stop == end) return std::nullopt;
  const std::optional<double> real = parse_real(text);
  if (!real || !(*real >= -9223372036854775808.0 && *real < 9223372036854775808.0)) return std::nullopt;
  return static_cast<std::int64_t>(*real);
}

std::optional<std::int64_t> parse_exact_long(std::string_view text) {
  const std::optional<std::int64_t> value = parse_long(text);
  // An integer's text has neither point nor exponent, and hexadecimal digits come after an x only.
  if (!value || text.find_first_of(".eEnN") == std::string_view::npos || text.find_first_of("xX") != std::string_view::npos)
    return value;
  constexpr double kExactEnd = 0x1p53;  // from here on reals have neighbours that are whole and were rounded
  const std::optional<double> real = parse_real(text);
  if (!real || *real != std::trunc(*real) || std::abs(*real) >= kExactEnd) return std::nullopt;
  return value;
}

bool is_plain_long(std::string_view text) {
  text = trimmed(text);
  std::string_view digits = text;
  if (!digits.empty() && (digits.front() == '-' || digits.front() == '+')) digits.remove_prefix(1);
  if (digits.empty() || (digits.size() > 1 && digits.front() == '0')) return false;
  if (digits.find_first_not_of("0123456789") != std::string_view::npos) return false;
  return parse_long(text).has_value();
}

std::optional<double> parse_real(std::string_view text) {
  text = trimmed(text);
  bool negative = false;
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  if (text.empty() || text.front() == '-' || text.front() == '+') return std::nullopt;
  double value = 0;
  if (equals_ignoring_case(text, "nan")) {
    value = std::numeric_limits<double>::quiet_NaN();
  } else if (equals_ignoring_case(text, "inf") || equals_ignoring_case(text, "infinity")) {
    value = std::numeric_limits<double>::infinity();
  } else {
    if (!((text.front() >= '0' && text.front() <= '9') || text.front() == '.')) return std::nullopt;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (stop != end || error == std::errc::invalid_argument) return std::nullopt;
    if (error == std::errc::result_out_of_range) return std::nullopt;
  }
  return negative ? -value : value;
}

std::optional<bool> parse_bool(std::string_view text) {
  text = trimmed(text);
  if (equals_ignoring_case(text, "true")) return true;
  if (equals_ignoring_case(text, "false")) return false;
  if (const std::optional<std::int64_t> number = parse_long(text)) return *number != 0;
  return std::nullopt;
}

}  // namespace wardian::kernels
