#pragma once

#include <sys/types.h>

#include "wardian/base/result.h"
#include "wardian/sandbox/cgroup_tree.h"
#include "wardian/sandbox/launch_plan.h"

namespace wardian::sandbox {

/// Where version 2 lets us make groups with controllers. It gives them only to children of a folder without processes of its own (the
/// real root excepted), and other people's processes are not ours to move.
struct UnifiedParent {
  std::string folder;  // the groups go here
  CgroupLeaf leaf;     // where this very process must move first, if anywhere
};

/// Looks only: nothing is made, moved or switched on. The error says what stands in the way.
Result<UnifiedParent> find_unified_parent(CgroupFiles& files, const CgroupPlaces& places, pid_t pid);

/// Moves this process if need be and switches the controllers on; undone when it fails.
Status take_unified_parent(CgroupFiles& files, const UnifiedParent& parent, pid_t pid);

/// Switches memory, pids and cpu on for the children of `folder`; an errno value, or 0.
int enable_controllers(CgroupFiles& files, const std::string& folder);

}  // namespace wardian::sandbox
