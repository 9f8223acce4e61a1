#pragma once

#include <string>

#include "wardian/base/result.h"

namespace wardian::sandbox {

/// What else holds a script, which decides how much the filter alone must.
struct FilterSurroundings {
  bool mount_tree = true;
  int landlock_abi = 0;
};

/// The rows of system_call_rows.h that count in these surroundings as a classic BPF program for seccomp, ready for the kernel (an array of sock_filter, as bytes).
/// A call by a foreign architecture's number (int 0x80, x32) kills the whole process.
Result<std::string> build_system_call_filter(const FilterSurroundings& surroundings);

}  // namespace wardian::sandbox
