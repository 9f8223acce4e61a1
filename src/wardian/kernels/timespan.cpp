#include "wardian/kernels/timespan.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "wardian/kernels/calendar.h"
#include "wardian/kernels/clock_text.h"

namespace wardian::kernels {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view without_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// The magnitude also of the smallest value, which has no positive counterpart.
std::uint64_t magnitude(std::int64_t ticks) {
  return ticks < 0 ? ~static_cast<std::uint64_t>(ticks) + 1 : static_cast<std::uint64_t>(ticks);
}

/// "1.5h", "10 ms": the number, then the unit.
std::optional<std::int64_t> number_with_unit(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && (is_digit(text[end]) || text[end] == '.')) ++end;
  const std::int64_t unit = timespan_unit_ticks(without_blanks(text.substr(end)));
  if (end == 0 || unit == 0) return std::nullopt;
  std::int64_t whole = 0;
  if (const auto [stop, error] = std::from_chars(text.data(), text.data() + end, whole);
      error == std::errc() && stop == text.data() + end) {
    std::int64_t ticks = 0;
    if (__builtin_mul_overflow(whole, unit, &ticks)) return std::nullopt;
    return ticks;
  }
  double number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + end, number);
  if (error != std::errc() || stop != text.data() + end) return std::nullopt;
  const double ticks = std::round(number * static_cast<double>(unit));
  if (!(std::abs(ticks) < 9.2e18)) return std::nullopt;
  return static_cast<std::int64_t>(ticks);
}

/// "[d.]hh:mm[:ss[.f]]" and "d:hh:mm:ss[.f]": its ticks below zero, where there is one more than above.
std::optional<std::int64_t> clock_form(std::string_view text) {
  std::array<std::int64_t, 4> parts{};
  std::size_t count = 0;
  std::int64_t days = 0, fraction = 0;
  std::size_t at = 0;
  while (true) {
    const std::size_t begin = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    if (at == begin || at - begin > 10 || count == parts.size()) return std::nullopt;
    std::from_chars(text.data() + begin, text.data() + at, parts[count]);
    ++count;
    if (at == text.size()) break;
    const char separator = text[at++];
    if (separator == '.' && count == 1) {
      days = parts[0];
      count = 0;
    } else if (separator == '.' && count >= 3) {
      int digits = 0;
      for (; at < text.size() && is_digit(text[at]); ++at) {
        if (digits++ < 7) fraction = fraction * 10 + (text[at] - '0');
      }
      if (digits == 0 || at != text.size()) return std::nullopt;
      for (; digits < 7; ++digits) fraction *= 10;
      break;
    } else if (separator != ':') {
      return std::nullopt;
    }
  }
  if (count == 4) {
    if (days != 0) return std::nullopt;
    days = parts[0];
    parts = {parts[1], parts[2], parts[3], 0};
  } else if (count == 1) {
    return std::nullopt;
  }
  if (parts[0] > 23 || parts[1] > 59 || parts[2] > 59) return std::nullopt;
  std::int64_t ticks = 0;
  const std::int64_t in_day = parts[0] * kTicksPerHour + parts[1] * kTicksPerMinute + parts[2] * kTicksPerSecond + fraction;
  if (__builtin_mul_overflow(-days, kTicksPerDay, &ticks) || __builtin_sub_overflow(ticks, in_day, &ticks)) {
    return std::nullopt;
  }
  return ticks;
}

}  // namespace

void append_timespan(std::string& out, std::int64_t ticks) {
  const std::uint64_t size = magnitude(ticks);
  const auto per_day = static_cast<std::uint64_t>(kTicksPerDay);
  if (ticks < 0) out.push_back('-');
  if (size >= per_day) {
    append_padded(out, size / per_day, 1);
    out.push_back('.');
  }
  const std::uint64_t seconds = size % per_day / kTicksPerSecond;
  append_padded(out, seconds / 3600, 2);
  out.push_back(':');
  append_padded(out, seconds / 60 % 60, 2);
  out.push_back(':');
  append_padded(out, seconds % 60, 2);
  if (const std::uint64_t fraction = size % kTicksPerSecond; fraction != 0) {
    out.push_back('.');
    append_padded(out, fraction, 7);
  }
}

std::string format_timespan(std::int64_t ticks) {
  std::string out;
  append_timespan(out, ticks);
  return out;
}

std::int64_t timespan_unit_ticks(std::string_view unit) {
  static constexpr std::pair<std::string_view, std::int64_t> kUnits[] = {
      {"d", kTicksPerDay},
      {"day", kTicksPerDay},
      {"days", kTicksPerDay},
      {"h", kTicksPerHour},
      {"hr", kTicksPerHour},
      {"hrs", kTicksPerHour},
      {"hour", kTicksPerHour},
      {"hours", kTicksPerHour},
      {"m", kTicksPerMinute},
      {"min", kTicksPerMinute},
      {"minute", kTicksPerMinute},
      {"minutes", kTicksPerMinute},
      {"s", kTicksPerSecond},
      {"sec", kTicksPerSecond},
      {"second", kTicksPerSecond},
      {"seconds", kTicksPerSecond},
      {"ms", kTicksPerMillisecond},
      {"milli", kTicksPerMillisecond},
      {"millis", kTicksPerMillisecond},
      {"millisec", kTicksPerMillisecond},
      {"millisecond", kTicksPerMillisecond},
      {"milliseconds", kTicksPerMillisecond},
      {"micro", kTicksPerMicrosecond},
      {"micros", kTicksPerMicrosecond},
      {"microsec", kTicksPerMicrosecond},
      {"microsecond", kTicksPerMicrosecond},
      {"microseconds", kTicksPerMicrosecond},
      {"tick", 1},
      {"ticks", 1},
  };
  for (const auto& [name, ticks] : kUnits) {
    if (name == unit) return ticks;
  }
  return 0;
}

std::optional<std::int64_t> parse_timespan(std::string_view text) {
  text = without_blanks(text);
  const bool negative = !text.empty() && text.front() == '-';
  if (negative || (!text.empty() && text.front() == '+')) text = without_blanks(text.substr(1));
  if (text.empty() || !is_digit(text.front())) return std::nullopt;
  std::optional<std::int64_t> ticks;
  if (text.find(':') != std::string_view::npos) {
    ticks = clock_form(text);
    if (!ticks || negative) return ticks;
    if (*ticks == std::numeric_limits<std::int64_t>::min()) return std::nullopt;
    return -*ticks;
  }
  if (std::all_of(text.begin(), text.end(), is_digit)) {
    ticks = number_with_unit(std::string(text) + "d");
  } else {
    ticks = number_with_unit(text);
  }
  if (ticks && negative) return -*ticks;
  return ticks;
}

void append_timespan_by_pattern(std::string& out, std::int64_t ticks, std::string_view pattern) {
  const std::uint64_t size = magnitude(ticks);
  const std::uint64_t fraction = size % kTicksPerSecond;
  if (ticks < 0) out.push_back('-');
  for (std::size_t at = 0; at < pattern.size();) {
    const char letter = pattern[at];
    std::size_t end = at + 1;
    while (end < pattern.size() && pattern[end] == letter) ++end;
    const int count = static_cast<int>(end - at);
    switch (letter) {
      case 'd': append_padded(out, size / static_cast<std::uint64_t>(kTicksPerDay), count); break;
      case 'h':
      case 'H': append_padded(out, size / static_cast<std::uint64_t>(kTicksPerHour) % 24, std::min(count, 2)); break;
      case 'm': append_padded(out, size / static_cast<std::uint64_t>(kTicksPerMinute) % 60, std::min(count, 2)); break;
      case 's': append_padded(out, size / static_cast<std::uint64_t>(kTicksPerSecond) % 60, std::min(count, 2)); break;
      case 'f':
      case 'F': append_fraction(out, fraction, count, letter == 'F'); break;
      default: out.append(pattern, at, end - at);
    }
    at = end;
  }
}

}  // namespace wardian::kernels
