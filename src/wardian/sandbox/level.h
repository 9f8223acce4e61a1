#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wardian::sandbox {

/// The ladder of docs/sandbox.md, best first. Smaller is stronger.
enum class Level : std::uint8_t {
  a,  // privileged: a host uid for each slot, all namespaces, control groups, seccomp, Landlock
  b,  // ordinary user with user namespaces and delegated control groups
  c,  // as b, without control groups
  d,  // no namespaces: Landlock, seccomp, rlimits
  e,  // no Landlock either; only where the operator trusts the scripts
  f,  // no seccomp: refused always
};

/// "A" to "F".
std::string_view level_name(Level level);
/// One letter, either case.
std::optional<Level> level_named(std::string_view name);

/// What this machine offers, each tried for real rather than read from a setting.
struct Machine {
  bool root = false;            // euid 0 with CAP_SYS_ADMIN
  bool can_map_ids = false;     // may give a child user namespace a range of host ids
  bool can_change_ids = false;  // root enough to run, signal and clean up after another uid, with or without CAP_SYS_ADMIN
  bool user_namespace = false;
  bool mount_namespace = false;  // inside the user namespace, or as root
  bool pid_namespace = false;
  bool network_namespace = false;
  bool ipc_namespace = false;
  bool uts_namespace = false;
  bool proc_mount = false;  // a fresh /proc can be mounted inside
  bool seccomp = false;     // filters with the kill-process and errno actions
  bool pidfd = false;
  bool close_range = false;
  bool memfd_seals = false;
  bool openat2 = false;
  int landlock_abi = 0;        // 0: none
  bool cgroup_memory = false;  // a writable memory controller, of either version
  bool cgroup_pids = false;
  bool cgroup_cpu = false;
  bool cgroup_kill = false;   // cgroup.kill of version 2
  std::string cgroup_kind;    // "v1", "v2", "hybrid", "none"
  std::string cgroup_why;     // why there is none, in words
  std::string namespace_why;  // the first namespace step that failed, in words
};

/// What a level lacks, in words, one sentence each.
struct LevelChoice {
  Level level = Level::f;
  std::vector<std::string> missing;  // what the machine would need for the next better level
  std::vector<std::string> lost;     // what does not hold at this level
};

/// User, mount, pid, network, IPC and UTS namespaces, and a fresh /proc in them: all of it.
bool has_all_namespaces(const Machine& machine);

/// The best level that `machine` carries. Pure.
LevelChoice choose_level(const Machine& machine);

}  // namespace wardian::sandbox
