#include "wardian/sandbox/policy.h"

namespace wardian::sandbox {
namespace {

Error out_of_bounds(std::string_view setting, std::string_view bounds) {
  return Error{
      ErrorCode::bad_argument, "Sandbox limit out of bounds: " + std::string(setting), {}, "Allowed: " + std::string(bounds)};
}

}  // namespace

Status check(const Policy& policy) {
  if (policy.memory_bytes_max < kMemoryBytesMin || policy.memory_bytes_max > kMemoryBytesMax)
    return out_of_bounds("--sandbox-memory", "64 MiB to 1 TiB");
  if (policy.wall_time_max < kWallTimeMin || policy.wall_time_max > kWallTimeMax)
    return out_of_bounds("--sandbox-time", "10 ms to 24 h");
  if (policy.cpu_percent_max < 1 || policy.cpu_percent_max > 100)
    return out_of_bounds("--sandbox-cpu", "1 to 100 percent of all cores");
  if (policy.cpu_time_max < std::chrono::seconds(1)) return out_of_bounds("CPU time", "1 s or more");
  if (policy.scratch_bytes_max < 4096 || policy.scratch_bytes_max > kMemoryBytesMax)
    return out_of_bounds("--sandbox-scratch", "4 KiB to 1 TiB");
  if (policy.scratch_inodes_max < 2) return out_of_bounds("scratch files", "2 or more");
  if (policy.tasks_max < 1 || policy.tasks_max > 32768) return out_of_bounds("tasks", "1 to 32768");
  if (policy.descriptors_max < 16 || policy.descriptors_max > 65536) return out_of_bounds("descriptors", "16 to 65536");
  if (policy.console_head_bytes_max > (16U << 20) || policy.console_tail_bytes_max > (16U << 20))
    return out_of_bounds("console", "16 MiB at most");
  return {};
}

}  // namespace wardian::sandbox
