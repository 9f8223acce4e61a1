// Looks at the machine and runs the escape probes; doctor_report.cpp says what was found.
#include "wardian/sandbox/doctor.h"

#include <sys/statvfs.h>
#include <sys/utsname.h>

#include <algorithm>

#include "wardian/sandbox/cgroup_files.h"
#include "wardian/sandbox/machine.h"
#include "wardian/sandbox/pool.h"

namespace wardian::sandbox {
namespace {

constexpr std::chrono::milliseconds kProbeTimeMax{2000};
constexpr std::uint64_t kProbeMemoryBytes = std::uint64_t{128} << 20;

/// The attempts of python/wardian/_sandbox/doctor_entry.py. `ended_means_held`: the sandbox holds by ending the process.
struct Probe {
  const char* name;
  bool ended_means_held;
};
constexpr Probe kProbes[] = {
    {"host_file", false},     {"outside_write", false}, {"connect", false},          {"fork", false},  {"execute", false},
    {"other_process", false}, {"namespace", false},     {"kernel_machinery", false}, {"memory", true}, {"time", true}};

std::string setting(const std::string& path) {
  std::string text = kernel_cgroup_files().read(path).value_or("");
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

void add(DoctorReport& report, std::string name, std::string value, bool good, std::string words) {
  report.findings.push_back({std::move(name), std::move(value), good, std::move(words)});
}

void add_flag(DoctorReport& report, const char* name, bool held, const char* words, const std::string& why = {}) {
  add(report, name, held ? "yes" : "no", held, std::string(words) + (held || why.empty() ? "" : " (" + why + ")"));
}

void look_at_machine(DoctorReport& report) {
  const Machine& machine = report.machine;
  utsname kernel{};
  ::uname(&kernel);
  add(report, "kernel", kernel.release, true, "Linux kernel");
  add_flag(report, "root", machine.root, "started as root with CAP_SYS_ADMIN");
  add_flag(report, "user_namespace", machine.user_namespace, "a user namespace can be made", machine.namespace_why);
  add_flag(report, "mount_namespace", machine.mount_namespace, "a mount namespace can be made");
  add_flag(report, "pid_namespace", machine.pid_namespace, "a pid namespace can be made");
  add_flag(report, "network_namespace", machine.network_namespace, "a network namespace can be made");
  add_flag(report, "ipc_namespace", machine.ipc_namespace, "an IPC namespace can be made");
  add_flag(report, "uts_namespace", machine.uts_namespace, "a UTS namespace can be made");
  add_flag(report, "proc_mount", machine.proc_mount, "a fresh /proc can be mounted inside");
  add(report, "cgroup", machine.cgroup_kind, machine.cgroup_kind != "none", "control groups found");
  const bool groups = machine.cgroup_memory && machine.cgroup_pids && machine.cgroup_cpu;
  add_flag(report, "cgroup_writable", groups, "memory, pids and cpu groups can be made and limited", machine.cgroup_why);
  add_flag(report, "cgroup_kill", machine.cgroup_kill, "a whole group can be killed at one stroke");
  const bool swap = setting("/proc/swaps").find('\n') != std::string::npos;
  add(report, "swap", swap ? "yes" : "no", true, swap ? "the host swaps; groups forbid it to sandboxes" : "the host has no swap");
  add(report, "landlock_abi", std::to_string(machine.landlock_abi), machine.landlock_abi >= 6,
      machine.landlock_abi >= 6 ? "files, TCP, signals and abstract sockets are restricted"
                                : "6 or newer restricts signals and abstract sockets too");
  add_flag(report, "seccomp", machine.seccomp, "system call filters with kill-process and errno");
  add_flag(report, "pidfd", machine.pidfd, "processes are held by descriptor, never by number");
  add_flag(report, "close_range", machine.close_range, "all inherited descriptors are closed at once");
  add_flag(report, "memfd_seals", machine.memfd_seals, "inputs and results are sealed memory files");
  add_flag(report, "openat2", machine.openat2, "paths can be resolved without links");
  const struct {
    const char* name;
    const char* path;
    const char* words;
  } switches[] = {
      {"unprivileged_bpf_disabled", "/proc/sys/kernel/unprivileged_bpf_disabled",
       "0 lets ordinary users load BPF programs; the filter refuses it inside"},
      {"perf_event_paranoid", "/proc/sys/kernel/perf_event_paranoid",
       "2 or more keeps ordinary users from profiling the kernel; the filter refuses it inside"},
      {"unprivileged_userfaultfd", "/proc/sys/vm/unprivileged_userfaultfd",
       "1 helps exploits of the kernel; the filter refuses it inside"},
      {"io_uring_disabled", "/proc/sys/kernel/io_uring_disabled",
       "0 leaves io_uring on for the host; the filter refuses it inside"},
      {"yama_ptrace_scope", "/proc/sys/kernel/yama/ptrace_scope", "who may trace whom on the host"},
      {"apparmor_userns", "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
       "1 forbids ordinary users' namespaces (Ubuntu 23.10 and later)"},
      {"max_user_namespaces", "/proc/sys/user/max_user_namespaces", "0 forbids user namespaces"},
  };
  for (const auto& one : switches) {
    const std::string value = setting(one.path);
    add(report, one.name, value.empty() ? "absent" : value, true, one.words);
  }
}

void look_at_image(DoctorReport& report, const Image& image) {
  const auto layout = examine_image(image);
  if (!layout.ok()) {
    add(report, "image", image.python.string(), false, layout.error().message);
    return;
  }
  add(report, "image", layout->prefix, true, "Python " + layout->version);
  struct statvfs file_system {};
  const bool noexec = ::statvfs(layout->executable.c_str(), &file_system) == 0 && (file_system.f_flag & ST_NOEXEC) != 0;
  add(report, "image_noexec", noexec ? "yes" : "no", !noexec, "the interpreter's file system allows execution when this is no");
}

void run_probes(DoctorReport& report, const Image& image, const Parts& parts) {
  PoolConfig config;
  config.image = image;
  config.image.entry_module = "doctor_entry";
  config.image.module_paths.insert(config.image.module_paths.begin(), parts.folder);
  config.parts = parts;
  config.minimum_level = Level::e;
  config.policy.memory_bytes_max = kProbeMemoryBytes;
  Pool pool(config);
  if (const Status started = pool.start(); !started.ok()) {
    report.failure = started.error().message;
    return;
  }
  for (const Probe& probe : kProbes) {
    const std::string_view name = probe.name;
    Call call;
    call.request = std::as_bytes(std::span(name));
    call.policy = config.policy;
    call.policy.wall_time_max = name == "time" ? std::chrono::milliseconds(200) : kProbeTimeMax;
    const auto begin = std::chrono::steady_clock::now();
    const auto outcome = pool.run(call);
    if (name == "host_file")
      report.probe_time = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
    ProbeResult result{probe.name, false, {}};
    if (!outcome.ok()) {
      result.told = outcome.error().message;
    } else if (outcome->replied()) {
      // "held: why" or "escaped: how"; whether it held stands in a column of its own.
      result.held = outcome->reply.starts_with("held: ");
      result.told = printable(outcome->reply.substr(std::min(outcome->reply.size(), outcome->reply.find(": ") + 2)));
    } else {
      const bool limit = std::holds_alternative<OverMemory>(outcome->end) || std::holds_alternative<TimedOut>(outcome->end);
      result.held = probe.ended_means_held && limit;
      result.told = error_of(*outcome).message;
    }
    report.probes.push_back(std::move(result));
  }
  report.slot_time = pool.status().slot_time_last;
}

}  // namespace

Result<DoctorReport> examine(const Image& image) {
  DoctorReport report;
  WARDIAN_ASSIGN(const Parts parts, find_parts());
  WARDIAN_ASSIGN(report.machine, examine_machine(parts));
  report.choice = choose_level(report.machine);
  look_at_machine(report);
  look_at_image(report, image);
  if (report.choice.level == Level::f)
    report.failure = "level F: nothing is run";
  else
    run_probes(report, image, parts);
  return report;
}

}  // namespace wardian::sandbox
