#pragma once

#include <cstdint>
#include <limits>

namespace wardian::columnar {

/// KQL's clock: 100 ns ticks since 0001-01-01T00:00:00 UTC.
inline constexpr std::int64_t kTicksPerSecond = 10'000'000;
inline constexpr std::int64_t kTicksUnixEpoch = 621'355'968'000'000'000;  // 1970-01-01
inline constexpr std::int64_t kTicksMax = 3'155'378'975'999'999'999;      // 9999-12-31T23:59:59.9999999
inline constexpr std::int64_t kNanosecondsPerTick = 100;
inline constexpr std::int64_t kTicksPerMicrosecond = 10;
/// The farthest from zero that a count of ticks may be for its nanoseconds to fit 64 bits (some 292 years).
inline constexpr std::int64_t kTicksMaxAsNanoseconds = std::numeric_limits<std::int64_t>::max() / kNanosecondsPerTick;
/// What pandas and numpy read as "not a time".
inline constexpr std::int64_t kNotATime = std::numeric_limits<std::int64_t>::min();

/// Quotient rounded towards minus infinity; `by` is positive.
constexpr std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
  const std::int64_t quotient = value / by;
  return value % by < 0 ? quotient - 1 : quotient;
}

}  // namespace wardian::columnar
