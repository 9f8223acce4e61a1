#pragma once

#include <chrono>
#include <cstdint>

#include "wardian/base/result.h"

namespace wardian::sandbox {

/// The limits of one confined run, as a value. Defaults are the product's; docs/sandbox.md lists them beside their flags.
struct Policy {
  std::uint64_t memory_bytes_max = std::uint64_t{1} << 30;    // --sandbox-memory
  std::chrono::milliseconds wall_time_max{30'000};            // --sandbox-time; the query's deadline also ends a run
  std::uint32_t cpu_percent_max = 50;                         // --sandbox-cpu: share of all cores, 1-100; throttles, does not end
  std::chrono::seconds cpu_time_max{600};                     // backstop over all threads; ends the run
  std::uint64_t scratch_bytes_max = std::uint64_t{64} << 20;  // --sandbox-scratch
  std::uint32_t scratch_inodes_max = 4096;
  std::uint64_t file_bytes_max = std::uint64_t{16} << 30;  // of any one file written, the result's memory file included
  std::uint32_t tasks_max = 64;                            // processes and threads together
  std::uint32_t descriptors_max = 256;
  std::uint64_t console_head_bytes_max = 64 << 10;  // kept from the start of each stream
  std::uint64_t console_tail_bytes_max = 64 << 10;  // kept from its end; what lies between is counted and dropped

  bool operator==(const Policy&) const = default;
};

/// Bounds a request's settings must keep; outside them a run is refused with `bad_argument`.
inline constexpr std::uint64_t kMemoryBytesMin = std::uint64_t{64} << 20;
inline constexpr std::uint64_t kMemoryBytesMax = std::uint64_t{1} << 40;
inline constexpr std::chrono::milliseconds kWallTimeMin{10};
inline constexpr std::chrono::milliseconds kWallTimeMax{24 * 3600 * 1000};

/// Says which setting lies outside its bounds, if any does.
Status check(const Policy& policy);

}  // namespace wardian::sandbox
