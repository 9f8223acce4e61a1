#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The text of a datetime, in ticks of 100 ns since 0001-01-01T00:00:00 UTC.
namespace wardian::kernels {

/// As answers print it: "2017-01-01T00:00:00Z", with up to seven digits after the second where they are not zero
/// ("…:00.5Z"). Ticks outside the years 1 to 9999 print as the nearest end.
std::string format_datetime(std::int64_t ticks);

/// As tostring() and dynamic values write it, always with seven digits: "2017-01-01T00:00:00.0000000Z". Appends.
void append_datetime(std::string& out, std::int64_t ticks);

/// Reads ISO 8601 (date, date and time, fraction, Z or offset), RFC 1123 and RFC 850 ("Sat, 8 Nov 2014 15:05:02 GMT"),
/// "8 Nov 2014 15:05", "Nov 8, 2014", "02/17/2016 08:40:01 PM" and a year with or without month, with blanks
/// around it and between its parts. A time without an offset is UTC. nullopt for anything else and outside 1..9999.
std::optional<std::int64_t> parse_datetime(std::string_view text);

/// Writes by a pattern of y M d h H m s f F t letters; other characters stand for themselves. Appends.
/// Source: the pattern table of format_datetime().
void append_datetime_by_pattern(std::string& out, std::int64_t ticks, std::string_view pattern);

}  // namespace wardian::kernels
