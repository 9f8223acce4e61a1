#include "wardian/sandbox/machine.h"

#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <cstdio>

#include "wardian/process/child.h"

namespace wardian::sandbox {

Machine parse_trial(std::string_view text) {
  Machine machine;
  const std::pair<std::string_view, bool*> flags[] = {
      {"root", &machine.root},
      {"can_map_ids", &machine.can_map_ids},
      {"can_change_ids", &machine.can_change_ids},
      {"user_namespace", &machine.user_namespace},
      {"mount_namespace", &machine.mount_namespace},
      {"pid_namespace", &machine.pid_namespace},
      {"network_namespace", &machine.network_namespace},
      {"ipc_namespace", &machine.ipc_namespace},
      {"uts_namespace", &machine.uts_namespace},
      {"proc_mount", &machine.proc_mount},
      {"seccomp", &machine.seccomp},
      {"pidfd", &machine.pidfd},
      {"close_range", &machine.close_range},
      {"memfd_seals", &machine.memfd_seals},
      {"openat2", &machine.openat2},
  };
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = line.substr(0, equals);
    const std::string_view value = line.substr(equals + 1);
    for (const auto& [flag_name, flag] : flags)
      if (flag_name == name) *flag = value == "1";
    if (name == "landlock_abi") std::from_chars(value.data(), value.data() + value.size(), machine.landlock_abi);
    if (name == "namespace_why" && machine.namespace_why.empty()) machine.namespace_why = value;
  }
  return machine;
}

CgroupPlaces own_cgroup_places() {
  CgroupFiles& files = kernel_cgroup_files();
  return find_cgroup_places(files, files.read("/proc/self/mountinfo").value_or(""), files.read("/proc/self/cgroup").value_or(""));
}

IdBlock own_id_block() {
  return choose_ids(kernel_cgroup_files().read("/proc/self/uid_map").value_or(""), static_cast<std::uint32_t>(::getpid()));
}

std::string unique_run_name() {
  static std::atomic<unsigned> next{0};
  return "wardian-" + std::to_string(::getpid()) + "-" + std::to_string(next.fetch_add(1));
}

unsigned core_count() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  if (::sched_getaffinity(0, sizeof cores, &cores) != 0) return 1;
  return static_cast<unsigned>(std::max(1, CPU_COUNT(&cores)));
}

/// cgroup.kill came with 5.14, and is not in the root's folder, where one could look.
static bool kernel_at_least(int major, int minor) {
  utsname kernel{};
  int found_major = 0, found_minor = 0;
  if (::uname(&kernel) != 0 || std::sscanf(kernel.release, "%d.%d", &found_major, &found_minor) != 2) return false;
  return std::pair(found_major, found_minor) >= std::pair(major, minor);
}

Result<Machine> examine_machine(const Parts& parts) {
  // Long, for a busy machine must not look like one that lacks something.
  constexpr std::chrono::seconds kTrialTimeMax{120};
  process::SpawnPlan plan;
  plan.executable = parts.launcher();
  plan.arguments = {"--trial"};
  plan.new_session = true;
  const auto answer = process::ask_program(std::move(plan), kTrialTimeMax, 1 << 16);
  if (!answer.ok())
    return Error{ErrorCode::sandbox_unavailable, "The launcher's trial of the machine failed: " + answer.error().message, {}, {}};
  Machine machine = parse_trial(answer->text);
  // A container may be root over its own id alone.
  if (own_id_block().count == 0) machine.can_map_ids = machine.can_change_ids = false;

  const CgroupPlaces places = own_cgroup_places();
  machine.cgroup_kind = places.kind();
  const Status groups = CgroupTree::trial(kernel_cgroup_files(), places, unique_run_name(), ::getpid(), core_count());
  machine.cgroup_memory = machine.cgroup_pids = machine.cgroup_cpu = groups.ok();
  if (!groups.ok()) machine.cgroup_why = groups.error().message;
  // Of a child, for the root has none.
  machine.cgroup_kill = groups.ok() && !places.unified.empty() && kernel_at_least(5, 14);
  return machine;
}

}  // namespace wardian::sandbox
