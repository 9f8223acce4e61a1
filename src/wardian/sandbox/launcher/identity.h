#pragma once

#include <sys/types.h>

#include "wardian/sandbox/launch_plan.h"
#include "wardian/sandbox/launcher/step.h"

namespace wardian::sandbox::launcher {

/// Enters a new user namespace in which the caller's own id is kInnerId.
Failure enter_user_namespace_as_self();
/// From outside, as root: gives the user namespace of `pid` ids from kInnerId on, backed by the plan's host ids.
Failure map_range(pid_t pid, const LaunchPlan& plan);
/// Becomes kInnerId inside a mapped user namespace and keeps all capabilities over the coming exec.
Failure become_inner(const LaunchPlan& plan);
/// Leaves root for good, for a host id.
Failure become_host_id(unsigned id);
/// Forbids further user namespaces below this one: they are the commonest road to kernel bugs.
Failure forbid_nested_user_namespaces();

}  // namespace wardian::sandbox::launcher
