#pragma once

#include <chrono>
#include <cstdint>

namespace wardian::process {

/// What a process and its descendants used, as far as it could be learnt; zero where nobody knows.
struct ResourceUsage {
  std::chrono::microseconds cpu_time{};  // user and system, all threads
  std::chrono::microseconds wall_time{};
  std::uint64_t memory_bytes_peak = 0;  // of the memory control group where there is one, else the resident set
};

}  // namespace wardian::process
