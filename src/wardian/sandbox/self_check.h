#pragma once

#include <cstdint>
#include <string>

#include "wardian/sandbox/launch_plan.h"

namespace wardian::sandbox {

/// The walls that a child reports as standing before it joins the pool, one bit each; `zygote/confine.c` sets them.
/// The report is a guard against our own mistakes: at that moment no foreign code has run.
enum Wall : std::uint32_t {
  kWallSeccomp = 1U << 0,
  kWallNoNewPrivileges = 1U << 1,
  kWallNoCapabilities = 1U << 2,
  kWallUndumpable = 1U << 3,
  kWallDescriptors = 1U << 4,   // 0 to 3 and no other
  kWallHostFiles = 1U << 5,     // a canary file of the host does not open
  kWallSystemCalls = 1U << 6,   // socket and unshare are refused
  kWallPidNamespace = 1U << 7,  // the child is pid 1
  kWallLandlock = 1U << 8,      // the root folder cannot be listed
};

/// The walls in `expected` that `reported` lacks, by name; empty when all stand.
std::string missing_walls(std::uint32_t expected, std::uint32_t reported);
/// What a child launched by `plan` must report.
std::uint32_t expected_walls(const LaunchPlan& plan, int landlock_abi);

}  // namespace wardian::sandbox
