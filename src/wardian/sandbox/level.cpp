#include "wardian/sandbox/level.h"

#include <array>

namespace wardian::sandbox {
namespace {

constexpr std::array<std::string_view, 6> kNames = {"A", "B", "C", "D", "E", "F"};

bool all_cgroups(const Machine& machine) { return machine.cgroup_memory && machine.cgroup_pids && machine.cgroup_cpu; }

}  // namespace

bool has_all_namespaces(const Machine& machine) {
  return machine.user_namespace && machine.mount_namespace && machine.pid_namespace && machine.network_namespace &&
         machine.ipc_namespace && machine.uts_namespace;
}

std::string_view level_name(Level level) { return kNames[static_cast<std::size_t>(level)]; }

std::optional<Level> level_named(std::string_view name) {
  if (name.size() != 1) return std::nullopt;
  const char letter = static_cast<char>(name[0] | 0x20);
  if (letter < 'a' || letter > 'f') return std::nullopt;
  return static_cast<Level>(letter - 'a');
}

LevelChoice choose_level(const Machine& machine) {
  LevelChoice choice;
  // The kernel calls without which no level works at all.
  if (!machine.seccomp) choice.missing.push_back("seccomp filters are needed and missing");
  if (!machine.pidfd) choice.missing.push_back("pidfd_open is needed and missing (Linux 5.3)");
  if (!machine.close_range) choice.missing.push_back("close_range is needed and missing (Linux 5.9)");
  if (!machine.memfd_seals) choice.missing.push_back("sealed memory files are needed and missing");
  if (!choice.missing.empty()) {
    choice.level = Level::f;
    choice.lost.push_back("no Python runs at all");
    return choice;
  }
  // Best first; each rung states why the machine stands below it.
  const bool namespaces = has_all_namespaces(machine);
  const bool cgroups = all_cgroups(machine);
  if (namespaces && cgroups && machine.root && machine.can_map_ids && machine.landlock_abi >= 6) {
    choice.level = Level::a;
    return choice;
  }
  if (!machine.root || !machine.can_map_ids) {
    choice.missing.push_back("level A needs a start as root, with CAP_SYS_ADMIN, CAP_SETUID and CAP_SETGID");
    choice.lost.push_back(
        "all sandboxes share one host uid: limits counted for each uid are shared, and so are that uid's host files");
  }
  if (machine.landlock_abi < 6) {
    choice.missing.push_back("level A needs Landlock ABI 6 or newer (Linux 6.12); found: " +
                             std::to_string(machine.landlock_abi));
    choice.lost.push_back("signals and abstract sockets are held by namespaces and seccomp alone");
  }
  if (!cgroups) {
    choice.missing.push_back("control groups for memory, pids and cpu that this user may write" +
                             (machine.cgroup_why.empty() ? std::string() : ": " + machine.cgroup_why));
    choice.lost.push_back("memory is bounded by the address space only: memory files, scratch and page cache are not counted");
    choice.lost.push_back("threads are bounded by RLIMIT_NPROC, and the CPU is not throttled");
    choice.lost.push_back("running out of memory is seen as the script's MemoryError or a crash, without the kernel's evidence");
  }
  if (namespaces && machine.landlock_abi > 0) {
    choice.level = cgroups ? Level::b : Level::c;
    return choice;
  }
  if (!namespaces) {
    choice.missing.push_back("user, mount, pid, network, IPC and UTS namespaces" +
                             (machine.namespace_why.empty() ? std::string() : ": " + machine.namespace_why));
    choice.lost.push_back("the host's process list is visible, and any path's existence and size");
    choice.lost.push_back("scratch is a folder on disk without a bound on its total size; it is removed after each run");
    choice.lost.push_back("the network is closed by seccomp and Landlock, not by a namespace");
  }
  if (machine.landlock_abi > 0) {
    choice.level = Level::d;
    return choice;
  }
  choice.missing.push_back("Landlock (Linux 5.13, enabled at boot)");
  if (namespaces) {
    // The mount tree still hides the host's files: better than E's open file system, but not what C promises.
    choice.lost.push_back("files are hidden by the mount tree alone");
  } else {
    choice.lost.push_back("every world-readable file of the host is readable");
  }
  choice.level = Level::e;
  return choice;
}

}  // namespace wardian::sandbox
