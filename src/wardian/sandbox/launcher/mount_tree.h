#pragma once

#include "wardian/sandbox/launch_plan.h"
#include "wardian/sandbox/launcher/step.h"

namespace wardian::sandbox::launcher {

/// In a mount namespace of our own: builds the tree of the plan on a fresh memory file system, makes it the root, lets go of the old
/// one. The host's /proc stays visible at /proc when the plan wants one, because the kernel allows a fresh one only where the old is in sight.
Failure enter_mount_tree(const LaunchPlan& plan);

/// In the zygote's pid namespace: its own /proc over the host's.
Failure mount_own_proc();

}  // namespace wardian::sandbox::launcher
