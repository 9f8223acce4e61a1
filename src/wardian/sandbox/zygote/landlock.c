#include "module.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Written out, because the C library's headers are older than the kernels we meet. Source: include/uapi/linux/landlock.h of Linux 6.12. */
enum {
  kExecute = 1 << 0,
  kWriteFile = 1 << 1,
  kReadFile = 1 << 2,
  kReadDir = 1 << 3,
  kRemoveDir = 1 << 4,
  kRemoveFile = 1 << 5,
  kMakeChar = 1 << 6,
  kMakeDir = 1 << 7,
  kMakeReg = 1 << 8,
  kMakeSock = 1 << 9,
  kMakeFifo = 1 << 10,
  kMakeBlock = 1 << 11,
  kMakeSym = 1 << 12,
  kRefer = 1 << 13,    /* ABI 2 */
  kTruncate = 1 << 14, /* ABI 3 */
  kIoctlDev = 1 << 15, /* ABI 5 */
  kBindTcp = 1 << 0,   /* ABI 4 */
  kConnectTcp = 1 << 1,
  kScopeAbstractSocket = 1 << 0, /* ABI 6 */
  kScopeSignal = 1 << 1,
};
enum { kRulePathBeneath = 1 };

struct ruleset {
  uint64_t handled_access_fs;
  uint64_t handled_access_net;
  uint64_t scoped;
};
struct __attribute__((packed)) path_beneath {
  uint64_t allowed_access;
  int32_t parent_fd;
};

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

static int add_rule(int ruleset, uint64_t handled, char kind, const char* path) {
  const int fd = open(path, O_PATH | O_CLOEXEC);
  /* A path that does not exist needs no grant. */
  if (fd < 0) return errno == ENOENT ? 0 : -1;
  uint64_t allowed = kReadFile | kReadDir;
  if (kind == 'x') allowed |= kExecute;
  if (kind == 'f') allowed = kReadFile; /* who knows a name may read it, nobody may list the names */
  if (kind == 'n') allowed = kReadFile | kWriteFile;
  if (kind == 'w')
    allowed = kReadFile | kReadDir | kWriteFile | kRemoveDir | kRemoveFile | kMakeDir | kMakeReg | kMakeSym | kRefer | kTruncate;
  struct path_beneath rule = {allowed & handled, fd};
  int answer = (int)syscall(SYS_landlock_add_rule, ruleset, kRulePathBeneath, &rule, 0U);
  if (answer != 0 && errno == EINVAL) {
    /* Rights of folders mean nothing for a file and are refused. */
    rule.allowed_access &= kExecute | kWriteFile | kReadFile | kTruncate;
    answer = (int)syscall(SYS_landlock_add_rule, ruleset, kRulePathBeneath, &rule, 0U);
  }
  const int number = errno;
  close(fd);
  errno = number;
  return answer;
}

int wardian_landlock(int abi, const char* rules, Py_ssize_t rules_size) {
  struct ruleset wanted;
  memset(&wanted, 0, sizeof wanted);
  wanted.handled_access_fs = (1 << 13) - 1;
  if (abi >= 2) wanted.handled_access_fs |= kRefer;
  if (abi >= 3) wanted.handled_access_fs |= kTruncate;
  if (abi >= 4) wanted.handled_access_net = kBindTcp | kConnectTcp;
  if (abi >= 5) wanted.handled_access_fs |= kIoctlDev;
  if (abi >= 6) wanted.scoped = kScopeAbstractSocket | kScopeSignal;
  const size_t size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
  const int ruleset = (int)syscall(SYS_landlock_create_ruleset, &wanted, size, 0U);
  if (ruleset < 0) return -1;
  for (Py_ssize_t place = 0; place < rules_size;) {
    const char* rule = rules + place;
    if (add_rule(ruleset, wanted.handled_access_fs, rule[0], rule + 1) != 0) {
      const int number = errno;
      close(ruleset);
      errno = number;
      return -1;
    }
    place += (Py_ssize_t)strlen(rule) + 1;
  }
  const int answer = (int)syscall(SYS_landlock_restrict_self, ruleset, 0U);
  const int number = errno;
  close(ruleset);
  errno = number;
  return answer;
}
