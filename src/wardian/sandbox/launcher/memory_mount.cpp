#include "wardian/sandbox/launcher/memory_mount.h"

#include <sys/socket.h>

#include <cstring>

#include "wardian/sandbox/launch_plan.h"
#include "wardian/sandbox/launcher/kernel_calls.h"

namespace wardian::sandbox::launcher {
namespace {

bool set_option(int context, const char* name, const char* value) {
  return ::syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, name, value, 0) == 0;
}

}  // namespace

int make_memory_mount(Holds what) {
  const int context = static_cast<int>(::syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC));
  if (context < 0) return -1;
  int mount = -1;
  // Large pages as far as a file's size asks for them; files and sizes are bounded by whoever writes, not here.
  if (set_option(context, "huge", "within_size") && set_option(context, "size", "0") && set_option(context, "nr_inodes", "0") &&
      set_option(context, "mode", "0700") && ::syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) == 0)
    mount = static_cast<int>(::syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC,
                                       MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | (what == Holds::data ? MOUNT_ATTR_NOEXEC : 0)));
  ::close(context);
  return mount;
}

void offer_memory_mount(int mount, int socket) {
  char text[sizeof kSayMemory];
  std::memcpy(text, kSayMemory.data(), kSayMemory.size());
  iovec part{text, kSayMemory.size()};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  cmsghdr* const rights = CMSG_FIRSTHDR(&message);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(rights), &mount, sizeof mount);
  ::sendmsg(socket, &message, MSG_NOSIGNAL);
}

int make_memory_file(int mount) { return ::openat(mount, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600); }

}  // namespace wardian::sandbox::launcher
