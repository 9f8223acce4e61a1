#pragma once

#include <sys/types.h>

#include "wardian/sandbox/cgroup_files.h"
#include "wardian/sandbox/launch_plan.h"

namespace wardian::sandbox {

/// The name of the leaf of the engine `pid`.
std::string leaf_name(pid_t pid);

/// Moves `pid`, and nobody else, from `at.home` to `at.leaf`, which is made if need be. 0 or an errno value.
int enter_leaf(CgroupFiles& files, const CgroupLeaf& at, pid_t pid);

/// Gives the leaf up: switches the controllers off in its home, moves `pid` back there if it lives in the leaf, and removes the leaf,
/// unless somebody else is left in it. After the groups beside it are gone. No leaf is fine.
void leave_leaf(CgroupFiles& files, const CgroupLeaf& at, pid_t pid);

}  // namespace wardian::sandbox
