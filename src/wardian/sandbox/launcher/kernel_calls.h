#pragma once

// System calls and constants newer than the C library's headers. Numbers above 423 are the same on every architecture.
#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif

namespace wardian::sandbox::launcher {

inline int open_tree(const char* path, unsigned flags) {
  return static_cast<int>(::syscall(SYS_open_tree, AT_FDCWD, path, flags));
}
inline int move_mount(int from, const char* to) {
  return static_cast<int>(::syscall(SYS_move_mount, from, "", AT_FDCWD, to, MOVE_MOUNT_F_EMPTY_PATH));
}
inline int set_mount_attributes(int fd, const char* path, unsigned flags, std::uint64_t attributes) {
  struct {
    std::uint64_t set, clear, propagation, userns_fd;
  } attribute{attributes, 0, 0, 0};
  return static_cast<int>(::syscall(SYS_mount_setattr, fd, path, flags, &attribute, sizeof attribute));
}
inline int pivot_root(const char* new_root, const char* old_root) {
  return static_cast<int>(::syscall(SYS_pivot_root, new_root, old_root));
}
inline int close_range(unsigned first, unsigned last) { return static_cast<int>(::syscall(SYS_close_range, first, last, 0U)); }
inline int pidfd_open(pid_t pid) { return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U)); }
/// clone(2) without a new stack: like fork, with more flags. For a process of one thread that soon calls exec.
inline pid_t clone_process(unsigned long flags) {
#if defined(__s390__)
  return static_cast<pid_t>(::syscall(SYS_clone, nullptr, flags, nullptr, nullptr, nullptr));
#else
  return static_cast<pid_t>(::syscall(SYS_clone, flags, nullptr, nullptr, nullptr, nullptr));
#endif
}

}  // namespace wardian::sandbox::launcher
