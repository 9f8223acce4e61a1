#include "wardian/sandbox/level.h"

#include <array>

namespace wardian::sandbox {
namespace {

constexpr std::array<std::string_view, 6> kNames = {"A", "B", "C", "D", "E", "F"};

bool all_cgroups(const Machine& machine) { return machine.cgroup_memory && machine.cgroup_pids && machine.cgroup_cpu; }

bool lacks_namespaces(const Machine& machine) { return !has_all_namespaces(machine); }

/// What a machine's lack costs, whatever level it makes of it.
struct Loss {
  bool (*applies)(const Machine&);
  std::string_view sentence;
};
constexpr Loss kLosses[] = {
    {[](const Machine& m) { return !m.can_map_ids || lacks_namespaces(m); },
     "all sandboxes share one host uid: limits counted for each uid are shared, and so are that uid's host files"},
    {[](const Machine& m) { return m.landlock_abi > 0 && m.landlock_abi < 6 && !lacks_namespaces(m); },
     "signals and abstract sockets are held by namespaces and seccomp alone"},
    {[](const Machine& m) { return m.landlock_abi < 6 && lacks_namespaces(m); },
     "signals and abstract sockets are held by seccomp alone"},
    {[](const Machine& m) { return !all_cgroups(m); },
     "memory is bounded by the address space only: memory files, scratch and page cache are not counted"},
    {[](const Machine& m) { return !all_cgroups(m) && (!lacks_namespaces(m) || m.can_change_ids); },
     "threads are bounded by RLIMIT_NPROC over all sandboxes, and the CPU is not throttled"},
    {[](const Machine& m) { return !all_cgroups(m) && lacks_namespaces(m) && !m.can_change_ids; },
     "threads have no bound, and the CPU is not throttled"},
    {[](const Machine& m) { return !all_cgroups(m); },
     "running out of memory is seen as the script's MemoryError or a crash, without the kernel's evidence"},
    {lacks_namespaces, "the host's process list is visible, and any path's existence and size"},
    {lacks_namespaces, "scratch is a folder on disk without a bound on its total size; it is removed after each run"},
    {lacks_namespaces, "modes and times of files cannot be changed, not even in scratch"},
    {[](const Machine& m) { return m.landlock_abi > 0 && lacks_namespaces(m); },
     "the network is closed by seccomp and Landlock, not by a namespace"},
    {[](const Machine& m) { return m.landlock_abi == 0 && lacks_namespaces(m); },
     "the network is closed by seccomp alone, not by a namespace"},
    // The mount tree still hides the host's files: better than an open file system, but not what C promises.
    {[](const Machine& m) { return m.landlock_abi == 0 && !lacks_namespaces(m); }, "files are hidden by the mount tree alone"},
    {[](const Machine& m) { return m.landlock_abi == 0 && lacks_namespaces(m); },
     "every world-readable file of the host is readable"},
};

}  // namespace

bool has_all_namespaces(const Machine& machine) {
  return machine.user_namespace && machine.mount_namespace && machine.pid_namespace && machine.network_namespace &&
         machine.ipc_namespace && machine.uts_namespace && machine.proc_mount;
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
  if (!machine.root || !machine.can_map_ids)
    choice.missing.push_back("level A needs a start as root, with CAP_SYS_ADMIN, CAP_SETUID and CAP_SETGID");
  if (machine.landlock_abi == 0)
    choice.missing.push_back("Landlock (Linux 5.13, enabled at boot)");
  else if (machine.landlock_abi < 6)
    choice.missing.push_back("level A needs Landlock ABI 6 or newer (Linux 6.12); found: " +
                             std::to_string(machine.landlock_abi));
  if (!cgroups)
    choice.missing.push_back("control groups for memory, pids and cpu that this user may write" +
                             (machine.cgroup_why.empty() ? std::string() : ": " + machine.cgroup_why));
  if (!namespaces)
    choice.missing.push_back("user, mount, pid, network, IPC and UTS namespaces, and a /proc of their own" +
                             (machine.namespace_why.empty() ? std::string() : ": " + machine.namespace_why));
  choice.level = machine.landlock_abi == 0 ? Level::e : !namespaces ? Level::d : cgroups ? Level::b : Level::c;
  for (const Loss& loss : kLosses)
    if (loss.applies(machine)) choice.lost.emplace_back(loss.sentence);
  return choice;
}

}  // namespace wardian::sandbox
