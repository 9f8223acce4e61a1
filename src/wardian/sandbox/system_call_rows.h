#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace wardian::sandbox {

/// When a system call is let through. Conditions look at numbers only: what lies behind a pointer may change after the look.
enum class When : std::uint8_t {
  always,
  argument_equals,     // argument `index` == `value`
  thread_clone,        // clone that makes a thread and no namespace
  never_no_such_call,  // ENOSYS, so that a C library falls back to an older call
};

struct SystemCallRow {
  std::string_view name;
  When when = When::always;
  unsigned index = 0;
  std::uint64_t value = 0;
};

/// The allow-list: all that numpy, pandas, pyarrow, scikit-learn and matplotlib were seen to need, and their harmless neighbours.
/// What is not here fails with EPERM. Names that an architecture lacks are passed over.
inline constexpr auto kSystemCallRows = std::to_array<SystemCallRow>({
    // Reading and writing what is open already.
    {"read"},
    {"readv"},
    {"pread64"},
    {"preadv"},
    {"write"},
    {"writev"},
    {"pwrite64"},
    {"pwritev"},
    {"lseek"},
    {"close"},
    {"close_range"},
    {"ftruncate"},
    {"fallocate"},
    {"fsync"},
    {"fdatasync"},
    {"fadvise64"},
    {"flock"},
    {"dup"},
    {"dup2"},
    {"dup3"},
    {"pipe"},
    {"pipe2"},
    {"eventfd2"},
    {"poll"},
    {"ppoll"},
    {"select"},
    {"pselect6"},
    {"epoll_create1"},
    {"epoll_ctl"},
    {"epoll_wait"},
    {"epoll_pwait"},
    // The control channel is the only socket there is.
    {"sendmsg"},
    {"recvmsg"},
    // Files: what may be reached is the mount tree's and Landlock's affair.
    {"open"},
    {"openat"},
    {"stat"},
    {"lstat"},
    {"fstat"},
    {"newfstatat"},
    {"statx"},
    {"access"},
    {"faccessat"},
    {"faccessat2"},
    {"readlink"},
    {"readlinkat"},
    {"getdents64"},
    {"getcwd"},
    {"chdir"},
    {"fchdir"},
    {"mkdir"},
    {"mkdirat"},
    {"rmdir"},
    {"unlink"},
    {"unlinkat"},
    {"rename"},
    {"renameat"},
    {"renameat2"},
    {"link"},
    {"linkat"},
    {"symlink"},
    {"symlinkat"},
    {"truncate"},
    {"statfs"},
    {"fstatfs"},
    {"utimensat"},
    {"umask"},
    {"chmod"},
    {"fchmod"},
    {"fchmodat"},
    // Duplicating, flags and locks; not leases, signals on input, or pipe sizes.
    {"fcntl", When::argument_equals, 1, 0 /* F_DUPFD */},
    {"fcntl", When::argument_equals, 1, 1 /* F_GETFD */},
    {"fcntl", When::argument_equals, 1, 2 /* F_SETFD */},
    {"fcntl", When::argument_equals, 1, 3 /* F_GETFL */},
    {"fcntl", When::argument_equals, 1, 4 /* F_SETFL */},
    {"fcntl", When::argument_equals, 1, 5 /* F_GETLK */},
    {"fcntl", When::argument_equals, 1, 6 /* F_SETLK */},
    {"fcntl", When::argument_equals, 1, 7 /* F_SETLKW */},
    {"fcntl", When::argument_equals, 1, 36 /* F_OFD_GETLK */},
    {"fcntl", When::argument_equals, 1, 37 /* F_OFD_SETLK */},
    {"fcntl", When::argument_equals, 1, 38 /* F_OFD_SETLKW */},
    {"fcntl", When::argument_equals, 1, 1030 /* F_DUPFD_CLOEXEC */},
    {"fcntl", When::argument_equals, 1, 1034 /* F_GET_SEALS */},
    {"ioctl", When::argument_equals, 1, 0x5401 /* TCGETS */},
    {"ioctl", When::argument_equals, 1, 0x5413 /* TIOCGWINSZ */},
    {"ioctl", When::argument_equals, 1, 0x5421 /* FIONBIO */},
    {"ioctl", When::argument_equals, 1, 0x541B /* FIONREAD */},
    {"ioctl", When::argument_equals, 1, 0x5450 /* FIONCLEX */},
    {"ioctl", When::argument_equals, 1, 0x5451 /* FIOCLEX */},
    // Memory. Executable pages stay allowed: the wall is the kernel's interface, not the interpreter.
    {"mmap"},
    {"munmap"},
    {"mprotect"},
    {"mremap"},
    {"madvise"},
    {"brk"},
    {"msync"},
    {"membarrier"},
    // Threads and their waits.
    {"clone", When::thread_clone},
    {"clone3", When::never_no_such_call},
    {"futex"},
    {"set_robust_list"},
    {"rseq"},
    {"set_tid_address"},
    {"sched_yield"},
    {"sched_getaffinity"},
    {"sched_getparam"},
    {"sched_getscheduler"},
    {"getcpu"},
    {"gettid"},
    {"exit"},
    {"exit_group"},
    // Signals to oneself and one's threads; the pid namespace and Landlock keep them in.
    {"rt_sigaction"},
    {"rt_sigprocmask"},
    {"rt_sigreturn"},
    {"rt_sigpending"},
    {"rt_sigtimedwait"},
    {"rt_sigsuspend"},
    {"sigaltstack"},
    {"kill"},
    {"tgkill"},
    {"pause"},
    {"alarm"},
    {"setitimer"},
    {"getitimer"},
    {"restart_syscall"},
    // Time, chance, and what the process may know of itself.
    {"clock_gettime"},
    {"clock_getres"},
    {"clock_nanosleep"},
    {"nanosleep"},
    {"gettimeofday"},
    {"time"},
    {"times"},
    {"getrandom"},
    {"getrusage"},
    {"sysinfo"},
    {"uname"},
    {"getpid"},
    {"getppid"},
    {"getuid"},
    {"geteuid"},
    {"getgid"},
    {"getegid"},
    {"getresuid"},
    {"getresgid"},
    {"getgroups"},
    {"getpgid"},
    {"getpgrp"},
    {"getsid"},
    {"getpriority"},
    {"capget"},
    {"getrlimit"},
    {"prlimit64", When::argument_equals, 2, 0 /* no new limit */},
    {"prctl", When::argument_equals, 0, 15 /* PR_SET_NAME */},
    {"prctl", When::argument_equals, 0, 16 /* PR_GET_NAME */},
    {"prctl", When::argument_equals, 0, 3 /* PR_GET_DUMPABLE */},
    {"prctl", When::argument_equals, 0, 21 /* PR_GET_SECCOMP */},
    {"prctl", When::argument_equals, 0, 39 /* PR_GET_NO_NEW_PRIVS */},
    {"prctl", When::argument_equals, 0, 0x53564d41 /* PR_SET_VMA */},
});

/// First number beyond those known when the rows were written (Linux 6.19): such calls get ENOSYS, the truth of an older kernel.
inline constexpr std::uint32_t kSystemCallNumberUnknown = 471;

}  // namespace wardian::sandbox
