#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The text of a timespan, in ticks of 100 ns.
namespace wardian::kernels {

/// "[-][d.]hh:mm:ss[.fffffff]": days only when there are any, seven digits of fraction only when there are any.
std::string format_timespan(std::int64_t ticks);
void append_timespan(std::string& out, std::int64_t ticks);

/// Reads "[-][d.]hh:mm[:ss[.f]]", "d:hh:mm:ss", a number of days ("3"), and a number with a unit ("2.5h", "10 ms",
/// "3 days", "1tick"). nullopt for anything else and beyond the range.
std::optional<std::int64_t> parse_timespan(std::string_view text);

/// Ticks of one unit as literals spell it ("d", "hour", "ms", "tick", …), or 0 for an unknown one.
std::int64_t timespan_unit_ticks(std::string_view unit);

/// Writes by a pattern of d H h m s f F letters; other characters stand for themselves. A negative timespan is
/// written as its magnitude with a leading minus. Appends. Source: the pattern table of format_timespan().
void append_timespan_by_pattern(std::string& out, std::int64_t ticks, std::string_view pattern);

}  // namespace wardian::kernels
