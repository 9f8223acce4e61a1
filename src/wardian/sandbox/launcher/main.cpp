// wardian-launcher: builds the sandbox's outer walls, starts the zygote inside them, outlives the engine and cleans up after it.
// Static and single-threaded, told everything by the plan in a descriptor, inheriting nothing else.
#include <poll.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cstdio>
#include <optional>

#include "wardian/sandbox/cgroup_leaf.h"
#include "wardian/sandbox/launch_plan.h"
#include "wardian/sandbox/launcher/identity.h"
#include "wardian/sandbox/launcher/kernel_calls.h"
#include "wardian/sandbox/launcher/memory_mount.h"
#include "wardian/sandbox/launcher/mount_tree.h"
#include "wardian/sandbox/launcher/removal.h"
#include "wardian/sandbox/launcher/trial.h"

namespace wardian::sandbox::launcher {
namespace {

void say(int socket, const std::string& text) { ::send(socket, text.data(), text.size(), MSG_NOSIGNAL); }

/// One word from a socket; empty at its end.
std::string hear(int socket) {
  char text[4096];
  ssize_t size = 0;
  do {
    size = ::recv(socket, text, sizeof text, 0);
  } while (size < 0 && errno == EINTR);
  return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
}

std::optional<LaunchPlan> read_plan() {
  std::string text;
  char part[65536];
  for (off_t place = 0;;) {
    const ssize_t size = ::pread(kLauncherPlanFd, part, sizeof part, place);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    text.append(part, static_cast<std::size_t>(size));
    place += size;
  }
  return decode(text);
}

/// The last steps, in the zygote's own process; returns only with a failure. `heap_file`: -1 for none.
Failure exec_zygote(const LaunchPlan& plan, int family, int heap_file) {
  if (plan.proc) WARDIAN_STEP(mount_own_proc());
  // Where it cannot be written, the filter alone must hold; it refuses every call that makes a namespace.
  if (plan.ids != IdMapping::none && plan.proc) (void)forbid_nested_user_namespaces();
  if (plan.ids != IdMapping::none) {
    WARDIAN_STEP(become_inner(plan));
  } else if (plan.host_id_first != 0) {
    WARDIAN_STEP(become_host_id(plan.host_id_first));
  }
  // After the ids: changing them clears it. The answer to "ready" shows that the parent still lived afterwards.
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return failed("cannot tie the zygote to the launcher");
  say(family, "ready");
  if (hear(family) != "go") return "the launcher went away";
  ::setsid();
  ::umask(077);
  if (plan.mount_namespace && ::chdir("/") != 0) return failed("cannot enter the root");
  if (::dup2(kLauncherZygoteFd, kZygoteControlFd) < 0 || ::dup2(kLauncherConfigFd, kZygoteConfigFd) < 0)
    return failed("cannot place descriptors");
  if (heap_file >= 0 && ::dup2(heap_file, kZygoteHeapFd) < 0) return failed("cannot place descriptors");
  ::fcntl(family, F_SETFD, FD_CLOEXEC);  // tells the launcher of the exec by its end of file
  for (int fd = heap_file >= 0 ? kZygoteHeapFd + 1 : kZygoteHeapFd; fd < 64; ++fd)
    if (fd != family) ::close(fd);
  std::vector<char*> argv{const_cast<char*>(plan.executable.c_str())};
  for (const std::string& argument : plan.arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  std::vector<char*> envp;
  for (const std::string& variable : plan.environment) envp.push_back(const_cast<char*>(variable.c_str()));
  envp.push_back(nullptr);
  ::signal(SIGINT, SIG_DFL);
  ::signal(SIGHUP, SIG_DFL);
  ::signal(SIGTERM, SIG_DFL);
  ::execve(plan.executable.c_str(), argv.data(), envp.data());
  return failed("cannot run " + plan.executable);
}

/// First child of the launcher: takes the privileged steps, then makes the zygote as its sibling and ends.
Failure prepare_zygote(const LaunchPlan& plan, int family) {
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return failed("cannot tie the helper to the launcher");
  if (plan.ids == IdMapping::self) {
    if (plan.host_id_first != 0) WARDIAN_STEP(become_host_id(plan.host_id_first));
    WARDIAN_STEP(enter_user_namespace_as_self());
  }
  int heap_file = -1;
  if (plan.mount_namespace) {
    // Before the ids are given up: sources below a private folder would be out of reach afterwards.
    if (::unshare(CLONE_NEWNS) != 0) return failed("cannot make a mount namespace");
    if (const int mount = plan.memory_mount ? make_memory_mount(Holds::data) : -1; mount >= 0) {
      offer_memory_mount(mount, kLauncherControlFd);
      ::close(mount);
      // Of its own mount, for it becomes code as well.
      if (const int own = make_memory_mount(Holds::code); own >= 0) {
        heap_file = make_memory_file(own);
        ::close(own);
      }
    }
    WARDIAN_STEP(enter_mount_tree(plan));
  }
  if (plan.ids == IdMapping::range) {
    if (::unshare(CLONE_NEWUSER) != 0) return failed("cannot make a user namespace");
    say(family, "map");
    if (hear(family) != "mapped") return "the launcher could not map ids";
    // A copy owned by the new user namespace, in which the zygote and its children may mount.
    if (plan.mount_namespace && ::unshare(CLONE_NEWNS) != 0) return failed("cannot make an inner mount namespace");
  }
  if (plan.network_namespace && ::unshare(CLONE_NEWNET) != 0) return failed("cannot make a network namespace");
  if (plan.ipc_namespace && ::unshare(CLONE_NEWIPC) != 0) return failed("cannot make an IPC namespace");
  if (plan.uts_namespace) {
    if (::unshare(CLONE_NEWUTS) != 0) return failed("cannot make a UTS namespace");
    ::sethostname("sandbox", 7);
    ::setdomainname("", 0);
  }
  const unsigned long flags = CLONE_PARENT | SIGCHLD | (plan.pid_namespace ? CLONE_NEWPID : 0);
  const pid_t pid = clone_process(flags);
  if (pid < 0) return failed("cannot make the zygote's process");
  if (pid == 0) {
    const Failure failure = exec_zygote(plan, family, heap_file);
    say(family, std::string(kSayFailed) + failure);
    ::_exit(127);
  }
  say(family, "zygote " + std::to_string(pid));
  ::_exit(0);
}

struct Zygote {
  pid_t pid = -1;
  int pidfd = -1;
};

/// Starts the helper and answers its questions until the zygote's program runs.
Failure start_zygote(const LaunchPlan& plan, Zygote& zygote) {
  int family[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, family) != 0) return failed("cannot make a socket pair");
  const pid_t helper = ::fork();
  if (helper < 0) return failed("cannot fork");
  if (helper == 0) {
    ::close(family[0]);
    const Failure failure = prepare_zygote(plan, family[1]);
    say(family[1], std::string(kSayFailed) + failure);
    ::_exit(127);
  }
  ::close(family[1]);
  bool ready = false;
  Failure failure;
  while (failure.empty()) {
    const std::string word = hear(family[0]);
    if (word.empty()) break;  // both ends closed: exec happened, or both died
    if (word == "map") {
      failure = map_range(helper, plan);
      if (failure.empty()) say(family[0], "mapped");
    } else if (word.starts_with("zygote ")) {
      zygote.pid = std::atoi(word.c_str() + 7);
      zygote.pidfd = pidfd_open(zygote.pid);
    } else if (word == "ready") {
      ready = true;
      say(family[0], "go");
    } else if (word.starts_with(kSayFailed)) {
      failure = word.substr(kSayFailed.size());
    }
  }
  ::close(family[0]);
  if (!failure.empty()) ::kill(helper, SIGKILL);
  ::waitpid(helper, nullptr, 0);
  if (failure.empty() && (!ready || zygote.pidfd < 0)) failure = "the zygote died before it ran";
  return failure;
}

void clean_up(const LaunchPlan& plan) {
  for (const std::string& cgroup : plan.cgroups) remove_cgroup(cgroup, 2000);
  leave_leaf(kernel_cgroup_files(), plan.cgroup_leaf, ::getpid());
  for (const std::string& path : plan.cleanup_paths) remove_tree(path);
  if (plan.record.empty()) return;
  ::unlink(plan.record.c_str());
  ::rmdir(plan.record.substr(0, plan.record.rfind('/')).c_str());  // when it was the last
}

int serve() {
  const std::optional<LaunchPlan> plan = read_plan();
  if (!plan) {
    say(kLauncherControlFd, std::string(kSayFailed) + "the plan cannot be read");
    return 1;
  }
  // The plan's descriptor stays open until the zygote runs, so that nothing else takes a number that it will use.
  // The lock says to others that this run is alive; the kernel drops it with the last of us.
  const int record = plan->record.empty() ? -1 : ::open(plan->record.c_str(), O_RDONLY | O_CLOEXEC);
  if (record >= 0) ::flock(record, LOCK_SH | LOCK_NB);
  Zygote zygote;
  const Failure failure = start_zygote(*plan, zygote);
  for (const int fd : {kLauncherPlanFd, kLauncherZygoteFd, kLauncherConfigFd}) ::close(fd);
  bool keep = false;
  if (failure.empty()) {
    say(kLauncherControlFd, std::string(kSayStarted));
    nfds_t watched_count = 2;
    while (true) {
      pollfd watched[2] = {{kLauncherControlFd, POLLIN, 0}, {zygote.pidfd, POLLIN, 0}};
      if (::poll(watched, watched_count, -1) < 0) continue;
      if (watched[0].revents != 0) {
        const std::string word = hear(kLauncherControlFd);
        if (word.empty()) break;
        if (word == kSayKeep) keep = true;
      }
      // Dead alone, or because the engine is just dying: only the engine's end of file tells which, so it is waited for. A living
      // engine says "keep" and hangs up, because it still owns groups and files that another launcher's children may be using.
      if (watched[1].revents != 0) watched_count = 1;
    }
    // As pid 1 of its namespace the zygote takes every child with it; without one the children are tied to it by their death signal.
    ::syscall(SYS_pidfd_send_signal, zygote.pidfd, SIGKILL, nullptr, 0U);
    ::waitpid(zygote.pid, nullptr, 0);
  } else {
    if (zygote.pid > 0) {
      ::kill(zygote.pid, SIGKILL);
      ::waitpid(zygote.pid, nullptr, 0);
    }
    say(kLauncherControlFd, std::string(kSayFailed) + failure);
  }
  if (failure.empty() && !keep) clean_up(*plan);
  return failure.empty() ? 0 : 1;
}

}  // namespace
}  // namespace wardian::sandbox::launcher

int main(int argc, char** argv) {
  using namespace wardian::sandbox::launcher;
  ::umask(022);
  ::signal(SIGINT, SIG_IGN);
  ::signal(SIGHUP, SIG_IGN);
  ::signal(SIGTERM, SIG_IGN);
  ::signal(SIGPIPE, SIG_IGN);
  if (argc == 2 && std::string(argv[1]) == "--trial") return print_trials();
  if (argc == 2 && std::string(argv[1]) == "--serve") return serve();
  std::fputs("wardian-launcher is started by Wardian itself; `wardian doctor` shows what it can do here.\n", stderr);
  return 2;
}
