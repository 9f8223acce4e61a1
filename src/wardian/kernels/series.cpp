#include "wardian/kernels/series.h"

#include <charconv>
#include <cmath>

#include "wardian/kernels/conversion.h"
#include "wardian/kernels/json_text.h"
#include "wardian/kernels/number_text.h"

namespace wardian::kernels {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The number that [from, end) begins with, added to the series; where it ends, or null when there is none.
const char* take_number(const char* from, const char* end, Series& series) {
  const char* at = from;
  const bool negative = at != end && *at == '-';
  if (negative) ++at;
  std::uint64_t digits = 0;
  const char* const first = at;
  while (at != end && is_digit(*at)) digits = digits * 10 + static_cast<std::uint64_t>(*at++ - '0');
  constexpr std::ptrdiff_t kDigitsThatFit = 18;
  const bool goes_on = at != end && (*at == '.' || *at == 'e' || *at == 'E');
  if (at != first && !goes_on && at - first <= kDigitsThatFit) {
    const auto whole = static_cast<std::int64_t>(digits);
    series.add_whole(negative ? -whole : whole);
    return at;
  }
  if (at == first) return nullptr;
  if (!goes_on) {
    std::int64_t whole = 0;
    const auto read = std::from_chars(from, at, whole);
    if (read.ec == std::errc()) {
      series.add_whole(whole);
      return read.ptr;
    }
  }
  double real = 0;
  const auto read = std::from_chars(from, end, real);
  if (read.ec == std::errc::invalid_argument) return nullptr;
  if (read.ec == std::errc::result_out_of_range) {  // as strtod: too large is infinite, too small is zero
    const std::string_view text(from, static_cast<std::size_t>(read.ptr - from));
    const std::size_t e = text.find_first_of("eE");
    const bool small = e != std::string_view::npos && e + 1 < text.size() && text[e + 1] == '-';
    real = small ? 0 : std::numeric_limits<double>::infinity();
    if (negative) real = -real;
  }
  series.add_real(real);
  return read.ptr;
}

/// Numbers and nulls without blanks, as nearly every array is; false at anything else.
bool read_plain(std::string_view json, Series& series) {
  const char* at = json.data() + 1;
  const char* const end = json.data() + json.size();
  if (at != end && *at == ']') return at + 1 == end;
  while (at != end) {
    if (*at == 'n' && end - at > 4 && std::string_view(at, 4) == "null") {
      series.add_missing();
      at += 4;
    } else {
      at = take_number(at, end, series);
      if (at == nullptr) return false;
    }
    if (at == end) return false;
    if (*at == ']') return at + 1 == end;
    if (*at++ != ',') return false;
  }
  return false;
}

/// Reads a datetime or a timespan by its shape, so that other texts stay texts.
std::optional<std::int64_t> ticks_of(std::string_view literal) {
  const std::string_view inside = literal.substr(1, literal.size() - 2);
  if (inside.size() >= 19 && inside[4] == '-' && inside[7] == '-' && inside[10] == 'T') return dynamic_to_datetime(literal);
  const std::size_t first = inside.find_first_not_of('-');
  if (first != std::string_view::npos && is_digit(inside[first]) && inside.find(':') != std::string_view::npos) {
    return dynamic_to_timespan(literal);
  }
  return std::nullopt;
}

}  // namespace

void Series::clear() {
  reals.clear();
  wholes.clear();
  kinds.clear();
  missing = 0;
  foreign = 0;
  nonfinite = 0;
}

void Series::add_missing() {
  reals.push_back(kNaN);
  wholes.push_back(0);
  kinds.push_back(ElementKind::none);
  ++missing;
}

void Series::add_whole(std::int64_t value) {
  reals.push_back(static_cast<double>(value));
  wholes.push_back(value);
  kinds.push_back(ElementKind::whole);
}

void Series::add_real(double value) {
  reals.push_back(value);
  wholes.push_back(0);
  kinds.push_back(ElementKind::real);
  if (!std::isfinite(value)) ++nonfinite;
}

void add_element(std::string_view json, Series& series) {
  switch (json_kind(json)) {
    case JsonKind::integer:
    case JsonKind::real:
      if (take_number(json.data(), json.data() + json.size(), series) == nullptr) {
        ++series.foreign;
        series.add_missing();
      }
      return;
    case JsonKind::string:
      if (json == "\"NaN\"") return series.add_real(kNaN);
      if (json == "\"Infinity\"") return series.add_real(std::numeric_limits<double>::infinity());
      if (json == "\"-Infinity\"") return series.add_real(-std::numeric_limits<double>::infinity());
      if (json.size() > 2) {
        if (const auto ticks = ticks_of(json)) return series.add_whole(*ticks);
      }
      ++series.foreign;
      return series.add_missing();
    case JsonKind::null: return series.add_missing();
    default: ++series.foreign; return series.add_missing();
  }
}

bool read_series(std::string_view json, Series& series) {
  series.clear();
  if (json_kind(json) != JsonKind::array) return false;
  const std::size_t most = json.size() / 2 + 1;  // an element and its comma
  series.reals.reserve(most / 4);
  series.wholes.reserve(most / 4);
  series.kinds.reserve(most / 4);
  if (read_plain(json, series)) return true;
  series.clear();
  for (JsonWalk walk(json); walk.next();) add_element(walk.value(), series);
  return true;
}

bool is_number_or_null(std::string_view json) {
  const JsonKind kind = json_kind(json);
  return kind == JsonKind::integer || kind == JsonKind::real || kind == JsonKind::null || json == "\"NaN\"" ||
         json == "\"Infinity\"" || json == "\"-Infinity\"";
}

bool read_series_or_number(std::string_view json, std::size_t size, Series& series) {
  if (!is_number_or_null(json)) return read_series(json, series);
  series.clear();
  add_element(json, series);
  const double real = series.reals.front();
  const std::int64_t whole = series.wholes.front();
  const ElementKind kind = series.kinds.front();
  series.reals.assign(size, real);
  series.wholes.assign(size, whole);
  series.kinds.assign(size, kind);
  series.missing *= size;
  series.nonfinite *= size;
  return true;
}

void append_reals(std::string& out, std::span<const double> values, bool gaps) {
  out.reserve(out.size() + values.size() * 19 + 2);
  JsonArrayWriter array(out);
  for (const double value : values) {
    array.separate();
    if (gaps && std::isnan(value))
      out.append("null");
    else
      append_json_real(out, value);
  }
  array.close();
}

}  // namespace wardian::kernels
