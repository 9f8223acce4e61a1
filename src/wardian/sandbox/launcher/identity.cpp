#include "wardian/sandbox/launcher/identity.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <string>

namespace wardian::sandbox::launcher {
namespace {

Failure write_text(const std::string& path, const std::string& text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return failed("cannot open " + path);
  const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const Failure failure = written ? Failure() : failed("cannot write " + path);
  ::close(fd);
  return failure;
}

}  // namespace

Failure enter_user_namespace_as_self() {
  const std::string uid = std::to_string(::geteuid());
  const std::string gid = std::to_string(::getegid());
  if (::unshare(CLONE_NEWUSER) != 0) return failed("cannot make a user namespace");
  const std::string inner = std::to_string(kInnerId);
  WARDIAN_STEP(write_text("/proc/self/setgroups", "deny"));
  WARDIAN_STEP(write_text("/proc/self/uid_map", inner + " " + uid + " 1"));
  return write_text("/proc/self/gid_map", inner + " " + gid + " 1");
}

Failure map_range(pid_t pid, const LaunchPlan& plan) {
  const std::string folder = "/proc/" + std::to_string(pid);
  const std::string map =
      std::to_string(kInnerId) + " " + std::to_string(plan.host_id_first) + " " + std::to_string(plan.host_id_count);
  WARDIAN_STEP(write_text(folder + "/uid_map", map));
  return write_text(folder + "/gid_map", map);
}

Failure become_inner(const LaunchPlan& plan) {
  if (plan.ids == IdMapping::range) {
    // Supplementary groups of the host's root would open group-readable files of the host to the zygote.
    if (::setgroups(0, nullptr) != 0) return failed("cannot drop groups");
    if (::setresgid(kInnerId, kInnerId, kInnerId) != 0) return failed("cannot set the group id");
    if (::setresuid(kInnerId, kInnerId, kInnerId) != 0) return failed("cannot set the user id");
  }
  // Only ambient capabilities survive the exec of an ordinary file by an id other than 0.
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct sets[2]{};
  if (::syscall(SYS_capget, &header, sets) != 0) return failed("cannot read capabilities");
  for (auto& set : sets) set.inheritable = set.permitted;
  if (::syscall(SYS_capset, &header, sets) != 0) return failed("cannot set capabilities");
  for (int capability = 0; capability < 64; ++capability)
    if ((sets[capability / 32].permitted >> (capability % 32) & 1U) != 0)
      ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0);
  return {};
}

Failure become_host_id(unsigned id) {
  if (::setgroups(0, nullptr) != 0) return failed("cannot drop groups");
  if (::setresgid(id, id, id) != 0) return failed("cannot set the group id");
  if (::setresuid(id, id, id) != 0) return failed("cannot set the user id");
  // The change made our own /proc root's; what comes next writes there. The death signal was cleared by it.
  if (::prctl(PR_SET_DUMPABLE, 1) != 0 || ::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return failed("cannot settle into the id");
  return {};
}

Failure forbid_nested_user_namespaces() { return write_text("/proc/sys/user/max_user_namespaces", "0"); }

}  // namespace wardian::sandbox::launcher
