#include "wardian/kernels/datetime.h"

#include <algorithm>

#include "wardian/kernels/calendar.h"
#include "wardian/kernels/clock_text.h"

namespace wardian::kernels {
namespace {

void append_to_seconds(std::string& out, std::int64_t ticks) {
  const CivilDate date = civil_date(ticks);
  const std::int64_t seconds = time_of_day(ticks) / kTicksPerSecond;
  append_padded(out, date.year, 4);
  out.push_back('-');
  append_padded(out, date.month, 2);
  out.push_back('-');
  append_padded(out, date.day, 2);
  out.push_back('T');
  append_padded(out, seconds / 3600, 2);
  out.push_back(':');
  append_padded(out, seconds / 60 % 60, 2);
  out.push_back(':');
  append_padded(out, seconds % 60, 2);
}

std::int64_t within_range(std::int64_t ticks) { return std::clamp<std::int64_t>(ticks, 0, kMaxDatetimeTicks); }

}  // namespace

std::string format_datetime(std::int64_t ticks) {
  ticks = within_range(ticks);
  std::string out;
  append_to_seconds(out, ticks);
  if (const std::int64_t fraction = ticks % kTicksPerSecond; fraction != 0) {
    out.push_back('.');
    append_fraction(out, fraction, 7, true);
  }
  out.push_back('Z');
  return out;
}

void append_datetime(std::string& out, std::int64_t ticks) {
  ticks = within_range(ticks);
  append_to_seconds(out, ticks);
  out.push_back('.');
  append_padded(out, ticks % kTicksPerSecond, 7);
  out.push_back('Z');
}

void append_datetime_by_pattern(std::string& out, std::int64_t ticks, std::string_view pattern) {
  ticks = within_range(ticks);
  const CivilDate date = civil_date(ticks);
  const std::int64_t in_day = time_of_day(ticks);
  const std::int64_t hour = in_day / kTicksPerHour;
  const std::int64_t minute = in_day / kTicksPerMinute % 60;
  const std::int64_t second = in_day / kTicksPerSecond % 60;
  const std::int64_t fraction = in_day % kTicksPerSecond;
  for (std::size_t at = 0; at < pattern.size();) {
    const char letter = pattern[at];
    std::size_t end = at + 1;
    while (end < pattern.size() && pattern[end] == letter) ++end;
    const int count = static_cast<int>(end - at);
    switch (letter) {
      case 'y':
        if (count >= 3)
          append_padded(out, date.year, count);
        else
          append_padded(out, date.year % 100, count);
        break;
      case 'M': append_padded(out, date.month, std::min(count, 2)); break;
      case 'd': append_padded(out, date.day, std::min(count, 2)); break;
      case 'H': append_padded(out, hour, std::min(count, 2)); break;
      case 'h': append_padded(out, hour % 12 == 0 ? 12 : hour % 12, std::min(count, 2)); break;
      case 'm': append_padded(out, minute, std::min(count, 2)); break;
      case 's': append_padded(out, second, std::min(count, 2)); break;
      case 'f':
      case 'F':
        append_fraction(out, fraction, count, letter == 'F');  // capital letters print nothing where the rest is zero
        break;
      case 't':
        out.push_back(hour < 12 ? 'A' : 'P');
        if (count > 1) out.push_back('M');
        break;
      default: out.append(pattern, at, end - at);
    }
    at = end;
  }
}

}  // namespace wardian::kernels
