#include "wardian/sandbox/machine.h"

#include <sched.h>
#include <unistd.h>

#include <atomic>
#include <charconv>

#include "wardian/process/child.h"
#include "wardian/process/memory_file.h"

namespace wardian::sandbox {

Machine parse_trial(std::string_view text) {
  Machine machine;
  const std::pair<std::string_view, bool*> flags[] = {
      {"root", &machine.root},
      {"can_map_ids", &machine.can_map_ids},
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

Result<Machine> examine_machine(const Parts& parts) {
  WARDIAN_ASSIGN(process::MemoryFile answer, process::MemoryFile::create("trial"));
  process::SpawnPlan plan;
  plan.executable = parts.launcher();
  plan.arguments = {"--trial"};
  plan.descriptors = {{answer.fd(), 1}};
  plan.new_session = true;
  WARDIAN_ASSIGN(process::Child child, process::Child::spawn(plan));
  if (!child.wait(std::chrono::seconds(20)))
    return Error{ErrorCode::sandbox_unavailable, "The launcher's trial of the machine did not end in 20 s", {}, {}};
  WARDIAN_ASSIGN(const process::Mapping mapping, answer.map_read_only());
  const std::span<const std::byte> bytes = mapping.bytes();
  Machine machine = parse_trial(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));

  const CgroupPlaces places = own_cgroup_places();
  machine.cgroup_kind = places.kind();
  auto tree = CgroupTree::make(kernel_cgroup_files(), places, unique_run_name(), ::getpid(), core_count());
  if (tree.ok()) {
    auto slot = tree->make_slot("trial", Policy(), core_count());
    if (slot.ok()) {
      machine.cgroup_memory = machine.cgroup_pids = machine.cgroup_cpu = true;
      slot->remove();
    } else {
      machine.cgroup_why = slot.error().message;
    }
    machine.cgroup_kill = tree->can_kill();
    for (const std::string& folder : tree->folders()) kernel_cgroup_files().remove_folder(folder);
  } else {
    machine.cgroup_why = tree.error().message;
  }
  return machine;
}

}  // namespace wardian::sandbox
