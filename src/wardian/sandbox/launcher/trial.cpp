#include "wardian/sandbox/launcher/trial.h"

#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "wardian/sandbox/launcher/identity.h"
#include "wardian/sandbox/launcher/kernel_calls.h"
#include "wardian/sandbox/launcher/mount_tree.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

namespace wardian::sandbox::launcher {
namespace {

/// For one trial. Long, for a busy machine must not look like one that lacks something.
constexpr unsigned kTrialSecondsMax = 60;
/// A stranger for the time of a trial: nobody, on every Linux.
constexpr unsigned kTrialId = 65534;

bool has_capability(int capability) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct sets[2]{};
  if (::syscall(SYS_capget, &header, sets) != 0) return false;
  return (sets[capability / 32].effective >> (capability % 32) & 1U) != 0;
}

/// Runs `body` in a child and gives back its exit status.
template <class Body>
int in_child(Body body) {
  std::fflush(stdout);
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::alarm(kTrialSecondsMax);
    const int status = body();
    std::fflush(stdout);
    ::_exit(status);
  }
  int status = 0;
  if (pid < 0 || ::waitpid(pid, &status, 0) != pid) return 255;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void say(const char* name, int value) { std::printf("%s=%d\n", name, value); }
void say_why(const char* name, const Failure& why) { std::printf("%s=%s\n", name, why.c_str()); }

/// All that it takes to run a sandbox under another uid and to be rid of it afterwards.
bool can_change_ids() {
  for (const int capability : {CAP_SETUID, CAP_SETGID, CAP_KILL, CAP_CHOWN, CAP_DAC_OVERRIDE})
    if (!has_capability(capability)) return false;
  return ::geteuid() == 0;
}

/// Enters a user namespace by the road of a real launch: mapped from outside by a root who may, else by ourselves.
Failure enter_user_namespace(bool can_map_ids) {
  if (!can_map_ids) {
    if (can_change_ids()) WARDIAN_STEP(become_host_id(kTrialId));
    return enter_user_namespace_as_self();
  }
  int asked[2], answered[2];
  if (::pipe(asked) != 0 || ::pipe(answered) != 0) return failed("cannot make a pipe");
  const pid_t self = ::getpid();
  if (::fork() == 0) {
    LaunchPlan plan;
    plan.host_id_first = kTrialId;
    plan.host_id_count = 1;
    char word = 0;
    const bool mapped = ::read(asked[0], &word, 1) == 1 && map_range(self, plan).empty();
    ::_exit(::write(answered[1], mapped ? "y" : "n", 1) == 1 ? 0 : 1);
  }
  if (::unshare(CLONE_NEWUSER) != 0) return failed("cannot make a user namespace");
  char word = 0;
  if (::write(asked[1], "m", 1) != 1 || ::read(answered[0], &word, 1) != 1 || word != 'y') return "cannot map ids";
  if (::setresgid(kInnerId, kInnerId, kInnerId) != 0 || ::setresuid(kInnerId, kInnerId, kInnerId) != 0)
    return failed("cannot take a mapped id");
  return {};
}

/// User namespace, then each other namespace, then a fresh /proc.
int try_namespaces(bool can_map_ids) {
  const Failure failure = enter_user_namespace(can_map_ids);
  say("user_namespace", failure.empty());
  if (!failure.empty()) {
    say_why("namespace_why", failure);
    return 0;
  }
  const struct {
    const char* name;
    int flag;
  } kinds[] = {{"mount_namespace", CLONE_NEWNS},
               {"network_namespace", CLONE_NEWNET},
               {"ipc_namespace", CLONE_NEWIPC},
               {"uts_namespace", CLONE_NEWUTS},
               {"pid_namespace", CLONE_NEWPID}};
  for (const auto& kind : kinds) {
    const bool made = ::unshare(kind.flag) == 0;
    say(kind.name, made);
    if (!made) say_why("namespace_why", failed(std::string("cannot make a ") + kind.name));
  }
  // The first process forked after unshare(NEWPID) is pid 1 of the new namespace, which a fresh /proc needs. The kernel refuses one where
  // the host's own is hidden in part, as in many containers.
  const int mounted = in_child([] {
    ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
    const Failure refused = mount_own_proc();
    if (!refused.empty()) say_why("namespace_why", refused);
    return refused.empty() ? 0 : 1;
  });
  say("proc_mount", mounted == 0);
  return 0;
}

int try_seccomp() {
  // A filter that refuses getppid: shows that errno actions work, in the same mode that the real filter uses.
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EDOM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter{4, program};
  const unsigned kill = SECCOMP_RET_KILL_PROCESS;
  if (::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0U, &kill) != 0) return 1;
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return 1;
  if (::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0U, &filter) != 0) return 1;
  return ::syscall(SYS_getppid) == -1 && errno == EDOM ? 0 : 1;
}

int try_memfd_seals() {
  // As process::MemoryFile makes them: a machine may refuse files that could be executed (vm.memfd_noexec), and an old one knows no flag.
  int fd = ::memfd_create("trial", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);
  if (fd < 0 && errno == EINVAL) fd = ::memfd_create("trial", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (fd < 0 || ::fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) != 0) return 1;
  return ::write(fd, "x", 1) < 0 ? 0 : 1;
}

}  // namespace

int print_trials() {
  const bool root = ::geteuid() == 0 && has_capability(CAP_SYS_ADMIN);
  say("root", root);
  const bool can_map_ids = root && has_capability(CAP_SETUID) && has_capability(CAP_SETGID);
  say("can_map_ids", can_map_ids);
  say("can_change_ids", can_change_ids());
  in_child([can_map_ids] { return try_namespaces(can_map_ids); });
  say("seccomp", in_child(try_seccomp) == 0);
  say("memfd_seals", in_child(try_memfd_seals) == 0);
  const int pidfd = pidfd_open(::getpid());
  say("pidfd", pidfd >= 0);
  say("close_range", close_range(1U << 20, ~0U) == 0);
  struct {
    std::uint64_t flags, mode, resolve;
  } how{O_PATH | O_CLOEXEC, 0, 0x08 /* RESOLVE_BENEATH */};
  say("openat2", ::syscall(SYS_openat2, AT_FDCWD, ".", &how, sizeof how) >= 0);
  const long abi = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, 1U /* LANDLOCK_CREATE_RULESET_VERSION */);
  say("landlock_abi", abi > 0 ? static_cast<int>(abi) : 0);
  return 0;
}

}  // namespace wardian::sandbox::launcher
