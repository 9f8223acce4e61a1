#define _GNU_SOURCE
#include "module.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/securebits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What stands for one child, as the supervisor wrote it. */
struct slot {
  unsigned id;             /* uid and gid to take; 0: stay */
  int control, out, error; /* descriptors that become 3, 1, 2 */
  unsigned long long address_bytes, data_bytes, file_bytes, descriptors, tasks, cpu_seconds, scratch_bytes, scratch_inodes;
  const char* scratch; /* the folder of this child */
};

/* What stands for all children of this zygote. */
struct settings {
  int mount_namespace, ipc_namespace, own_proc, drop_capabilities, landlock_abi, self_id;
  const char* landlock_rules;
  Py_ssize_t landlock_rules_size;
  const char* filter;
  Py_ssize_t filter_size;
  long parent; /* pid that must still be the parent; 0 inside a pid namespace of one's own */
};

static int limit(int resource, unsigned long long value) {
  struct rlimit now;
  if (getrlimit(resource, &now) != 0) return -1;
  rlim_t wanted = (rlim_t)value;
  if (now.rlim_max != RLIM_INFINITY && (wanted == RLIM_INFINITY || wanted > now.rlim_max)) wanted = now.rlim_max;
  const struct rlimit both = {wanted, wanted};
  return setrlimit(resource, &both);
}

/* What a child that aborted ends with, as a shell would say it; slot_run.cpp reads it. */
enum { kAbortStatus = 128 + SIGABRT };

/* Each of the steps below gives NULL, or what could not be done (errno says why). */

static const char* own_file_tree(const struct slot* slot, const struct settings* settings) {
  if (!settings->mount_namespace) {
    return chdir(slot->scratch) == 0 ? NULL : "cannot enter the scratch folder";
  }
  if (unshare(CLONE_NEWNS | (settings->ipc_namespace ? CLONE_NEWIPC : 0)) != 0) return "cannot make namespaces";
  char options[160];
  const unsigned id = slot->id != 0 ? slot->id : (unsigned)settings->self_id;
  snprintf(options, sizeof options, "size=%llu,nr_inodes=%llu,mode=0700,uid=%u,gid=%u", slot->scratch_bytes, slot->scratch_inodes,
           id, id);
  /* Not MS_NOEXEC: no program can be started from anywhere (filter, Landlock), and code can be mapped without a file; what it would
     keep out is the compiled modules of packages that a call brings. See docs/decisions/0020. */
  if (mount("scratch", slot->scratch, "tmpfs", MS_NOSUID | MS_NODEV, options) != 0) return "cannot mount scratch";
  if (settings->own_proc &&
      mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, "hidepid=2,subset=pid") != 0)
    return "cannot mount proc";
  return chdir(slot->scratch) == 0 ? NULL : "cannot enter scratch";
}

static const char* fixed_descriptors(const struct slot* slot) {
  /* The sources were received last and lie above 4, so nothing is overwritten before it is copied. */
  const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (null < 0 || slot->control <= 4 || slot->out <= 4 || slot->error <= 4) return "cannot open /dev/null";
  if (dup2(null, 0) < 0 || dup2(slot->out, 1) < 0 || dup2(slot->error, 2) < 0 || dup3(slot->control, 3, O_CLOEXEC) < 0)
    return "cannot place descriptors";
  return syscall(SYS_close_range, 4U, ~0U, 0U) == 0 ? NULL : "cannot close descriptors";
}

/* Where private memory is bounded by RLIMIT_DATA, a thread's whole stack counts at once, not page by page: with the C library's
   8 MiB sixteen threads would use up 128 MiB before the first of them ran. The main thread keeps its own. */
static const char* small_thread_stacks(void) {
  enum { kStackBytes = 2 << 20 };
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return "cannot bound thread stacks";
  const int failed = pthread_attr_setstacksize(&attributes, kStackBytes) != 0 || pthread_setattr_default_np(&attributes) != 0;
  pthread_attr_destroy(&attributes);
  return failed ? "cannot bound thread stacks" : NULL;
}

static const char* resource_limits(const struct slot* slot) {
  if (slot->data_bytes != ~0ULL) {
    const char* failed = small_thread_stacks();
    if (failed != NULL) return failed;
  }
  const struct {
    int resource;
    unsigned long long value;
  } rows[] = {
      {RLIMIT_AS, slot->address_bytes},
      {RLIMIT_DATA, slot->data_bytes},
      {RLIMIT_FSIZE, slot->file_bytes},
      {RLIMIT_CORE, 0},
      {RLIMIT_MEMLOCK, 0},
      {RLIMIT_MSGQUEUE, 0},
      {RLIMIT_CPU, slot->cpu_seconds},
      {RLIMIT_NOFILE, slot->descriptors},
      {RLIMIT_NICE, 0},
      {RLIMIT_RTPRIO, 0},
      {RLIMIT_SIGPENDING, 256},
      {RLIMIT_NPROC, slot->tasks},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i)
    if (rows[i].value != ~0ULL && limit((int)rows[i].resource, rows[i].value) != 0) return "cannot set a resource limit";
  return NULL;
}

static const char* give_up_privileges(const struct slot* slot, const struct settings* settings) {
  if (slot->id != 0) {
    if (setgroups(0, NULL) != 0) return "cannot drop groups";
    if (setresgid(slot->id, slot->id, slot->id) != 0) return "cannot set the group id";
    if (setresuid(slot->id, slot->id, slot->id) != 0) return "cannot set the user id";
  }
  if (settings->drop_capabilities) {
    for (int capability = 0; capability < 64; ++capability)
      if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0 && errno != EINVAL) return "cannot drop the bounding set";
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) return "cannot clear ambient capabilities";
    const unsigned long locked = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP | SECBIT_NO_SETUID_FIXUP_LOCKED |
                                 SECBIT_KEEP_CAPS_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;
    if (prctl(PR_SET_SECUREBITS, locked, 0, 0, 0) != 0) return "cannot lock secure bits";
  }
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct none[2];
  memset(none, 0, sizeof none);
  if (syscall(SYS_capset, &header, none) != 0) return "cannot drop capabilities";
  return NULL;
}

/* Pid 1 of a namespace is deaf to its own signals, so abort(3) would go on to an illegal instruction and be taken for another crash. */
static void on_abort(int signal) {
  (void)signal;
  _exit(kAbortStatus);
}

static const char* tell_aborts(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_abort;
  return getpid() != 1 || sigaction(SIGABRT, &action, NULL) == 0 ? NULL : "cannot set a signal handler";
}

static const char* tie_to_parent(const struct settings* settings) {
  /* After the ids, whose change clears it. */
  if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return "cannot set the death signal";
  if (settings->parent != 0 && getppid() != settings->parent) return "the zygote went away";
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return "cannot become undumpable";
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return "cannot set no_new_privs";
  return NULL;
}

/* Without a pid namespace the numbers of strangers are in reach, and not every Landlock confines signals: kill and tgkill may name this
   very process and nothing else, no group and not "all". Only the lower half counts, for the kernel takes a 32-bit number. */
static int filter_signals(void) {
  struct sock_filter rows[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_kill, 1, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_tgkill, 0, 2),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)getpid(), 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
  };
  const struct sock_fprog program = {sizeof rows / sizeof rows[0], rows};
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0U, &program);
}

static const char* filter_system_calls(const struct settings* settings) {
  if (settings->filter_size % (Py_ssize_t)sizeof(struct sock_filter) != 0 || settings->filter_size == 0) {
    errno = EINVAL;
    return "no system call filter";
  }
  /* First, for the other one refuses to take any more. */
  if (settings->parent != 0 && filter_signals() != 0) return "cannot install the filter of signals";
  const struct sock_fprog program = {(unsigned short)(settings->filter_size / (Py_ssize_t)sizeof(struct sock_filter)),
                                     (struct sock_filter*)settings->filter};
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0U, &program) == 0 ? NULL : "cannot install the system call filter";
}

PyObject* wardian_confine(PyObject* self, PyObject* arguments) {
  (void)self;
  struct slot slot;
  struct settings settings;
  if (!PyArg_ParseTuple(arguments, "(IiiiKKKKKKKKs)(iiiiiiy#y#l)", &slot.id, &slot.control, &slot.out, &slot.error,
                        &slot.address_bytes, &slot.data_bytes, &slot.file_bytes, &slot.descriptors, &slot.tasks,
                        &slot.cpu_seconds, &slot.scratch_bytes, &slot.scratch_inodes, &slot.scratch, &settings.mount_namespace,
                        &settings.ipc_namespace, &settings.own_proc, &settings.drop_capabilities, &settings.landlock_abi,
                        &settings.self_id, &settings.landlock_rules, &settings.landlock_rules_size, &settings.filter,
                        &settings.filter_size, &settings.parent))
    return NULL;
  /* The order is the design: each step needs what the next one gives up, and the filter forbids them all. */
  const char* failure = NULL;
  setsid();
  if (failure == NULL) failure = own_file_tree(&slot, &settings);
  if (failure == NULL) failure = fixed_descriptors(&slot);
  if (failure == NULL) failure = give_up_privileges(&slot, &settings);
  if (failure == NULL) failure = resource_limits(&slot);
  if (failure == NULL) failure = tell_aborts();
  if (failure == NULL) failure = tie_to_parent(&settings);
  if (failure == NULL && settings.landlock_abi > 0 &&
      wardian_landlock(settings.landlock_abi, settings.landlock_rules, settings.landlock_rules_size) != 0)
    failure = "cannot restrict files";
  if (failure == NULL) failure = filter_system_calls(&settings);
  if (failure != NULL) return wardian_raise(failure);
  return Py_BuildValue("");
}

PyObject* wardian_self_check(PyObject* self, PyObject* arguments) {
  (void)self;
  int descriptors_max = 0;
  if (!PyArg_ParseTuple(arguments, "i", &descriptors_max)) return NULL;
  unsigned mask = 0;
  if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 2) mask |= 1U << 0;
  if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1) mask |= 1U << 1;
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct sets[2];
  memset(sets, 0xff, sizeof sets);
  if (syscall(SYS_capget, &header, sets) == 0 && (sets[0].effective | sets[1].effective | sets[0].permitted | sets[1].permitted |
                                                  sets[0].inheritable | sets[1].inheritable) == 0)
    mask |= 1U << 2;
  if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0) mask |= 1U << 3;
  int stray = 0;
  for (int fd = 0; fd < descriptors_max; ++fd) stray += (fcntl(fd, F_GETFD) >= 0) != (fd <= 3);
  if (stray == 0) mask |= 1U << 4;
  /* Canaries: what every host has and no child may open, list or make. */
  if (open("/etc/shadow", O_RDONLY | O_CLOEXEC) < 0) mask |= 1U << 5;
  if (syscall(SYS_socket, 1, 1, 0) < 0 && unshare(CLONE_NEWUSER) < 0) mask |= 1U << 6;
  if (getpid() == 1) mask |= 1U << 7;
  if (open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC) < 0) mask |= 1U << 8;
  return PyLong_FromUnsignedLong(mask);
}
