#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace wardian::sandbox {

/// When a system call is let through. Conditions look at numbers only: what lies behind a pointer may change after the look.
enum class When : std::uint8_t {
  always,
  argument_equals,     // argument `index` == `value`
  argument_masked,     // (argument `index` & `mask`) == `value`
  thread_clone,        // clone that makes a thread and no namespace
  never_no_such_call,  // ENOSYS, so that a C library falls back to an older call
};

/// What must stand besides the filter for a row to count: where nothing else keeps a call from the host's files, the filter must.
enum class Needs : std::uint8_t {
  nothing,
  mount_tree,          // a file tree of the child's own: Landlock knows no rule for modes and times
  truncation_rule,     // that, or a Landlock that knows truncation (ABI 3)
  no_truncation_rule,  // the narrower row that stands in where neither holds
};

struct SystemCallRow {
  std::string_view name;
  When when = When::always;
  unsigned index = 0;
  std::uint64_t value = 0;
  std::uint64_t mask = 0;
  Needs needs = Needs::nothing;
};

inline constexpr std::uint64_t kOpenTruncates = 0x200;   // O_TRUNC
inline constexpr std::uint64_t kOpenAccess = 0x3;        // O_ACCMODE
inline constexpr std::uint64_t kMapHugePages = 0x40000;  // MAP_HUGETLB

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
    // An older Landlock asks at an opening for writing only, and O_RDONLY | O_TRUNC empties a file as well.
    {.name = "open", .needs = Needs::truncation_rule},
    {"open", When::argument_masked, 1, 0, kOpenTruncates, Needs::no_truncation_rule},
    {"open", When::argument_masked, 1, kOpenTruncates | 1, kOpenTruncates | kOpenAccess, Needs::no_truncation_rule},
    {"open", When::argument_masked, 1, kOpenTruncates | 2, kOpenTruncates | kOpenAccess, Needs::no_truncation_rule},
    {.name = "openat", .needs = Needs::truncation_rule},
    {"openat", When::argument_masked, 2, 0, kOpenTruncates, Needs::no_truncation_rule},
    {"openat", When::argument_masked, 2, kOpenTruncates | 1, kOpenTruncates | kOpenAccess, Needs::no_truncation_rule},
    {"openat", When::argument_masked, 2, kOpenTruncates | 2, kOpenTruncates | kOpenAccess, Needs::no_truncation_rule},
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
    {.name = "truncate", .needs = Needs::truncation_rule},
    {"statfs"},
    {"fstatfs"},
    {.name = "utimensat", .needs = Needs::mount_tree},
    {"umask"},
    {.name = "chmod", .needs = Needs::mount_tree},
    {.name = "fchmod", .needs = Needs::mount_tree},
    {.name = "fchmodat", .needs = Needs::mount_tree},
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
    // Not in pages of hugetlbfs, which neither control groups for memory nor RLIMIT_DATA count.
    {"mmap", When::argument_masked, 3, 0, kMapHugePages},
    {"munmap"},
    {"mprotect"},
    {"mremap"},
    // Not MADV_MERGEABLE: pages shared with those of a neighbour tell by the time of a write what the neighbour holds.
    {"madvise", When::argument_equals, 2, 0 /* MADV_NORMAL */},
    {"madvise", When::argument_equals, 2, 1 /* MADV_RANDOM */},
    {"madvise", When::argument_equals, 2, 2 /* MADV_SEQUENTIAL */},
    {"madvise", When::argument_equals, 2, 3 /* MADV_WILLNEED */},
    {"madvise", When::argument_equals, 2, 4 /* MADV_DONTNEED */},
    {"madvise", When::argument_equals, 2, 8 /* MADV_FREE */},
    {"madvise", When::argument_equals, 2, 14 /* MADV_HUGEPAGE */},
    {"madvise", When::argument_equals, 2, 15 /* MADV_NOHUGEPAGE */},
    {"madvise", When::argument_equals, 2, 16 /* MADV_DONTDUMP */},
    {"madvise", When::argument_equals, 2, 17 /* MADV_DODUMP */},
    {"madvise", When::argument_equals, 2, 20 /* MADV_COLD */},
    {"madvise", When::argument_equals, 2, 21 /* MADV_PAGEOUT */},
    {"madvise", When::argument_equals, 2, 22 /* MADV_POPULATE_READ */},
    {"madvise", When::argument_equals, 2, 23 /* MADV_POPULATE_WRITE */},
    {"madvise", When::argument_equals, 2, 25 /* MADV_COLLAPSE */},
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
    // Signals to oneself and one's threads. A pid namespace keeps them in; where there is none, each child adds a filter with its
    // own number (zygote/confine.c).
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
