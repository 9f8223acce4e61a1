#pragma once

#include "wardian/base/result.h"
#include "wardian/sandbox/cgroup_tree.h"
#include "wardian/sandbox/image.h"
#include "wardian/sandbox/launch_layout.h"
#include "wardian/sandbox/level.h"

namespace wardian::sandbox {

/// Tries everything that `Machine` names, in short-lived children of the launcher and on a control group of its own, removed at once. Moves no process.
/// Takes some 10 ms.
Result<Machine> examine_machine(const Parts& parts);

/// The "name=value" lines of the launcher's trial. Pure; unknown names are passed over.
Machine parse_trial(std::string_view text);

/// This process's own places in the control groups.
CgroupPlaces own_cgroup_places();

/// Ids that this process could give to its slots, if it is root enough.
IdBlock own_id_block();

/// "wardian-<pid>-<n>": unique on the machine while this process lives.
std::string unique_run_name();

/// Cores that this process may use.
unsigned core_count();

}  // namespace wardian::sandbox
