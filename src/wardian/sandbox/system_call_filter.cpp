#include "wardian/sandbox/system_call_filter.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <memory>

#include "wardian/process/memory_file.h"
#include "wardian/process/system_error.h"
#include "wardian/sandbox/system_call_rows.h"

namespace wardian::sandbox {
namespace {

#ifndef CLONE_NEWTIME
constexpr std::uint64_t CLONE_NEWTIME = 0x80;
#endif
#if defined(__x86_64__)
constexpr std::uint32_t kNativeArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kNativeArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "state this architecture's AUDIT_ARCH value"
#endif

struct ReleaseContext {
  void operator()(void* context) const { seccomp_release(context); }
};
using Context = std::unique_ptr<void, ReleaseContext>;

Error filter_error(std::string_view what, int answer) {
  return process::system_error(ErrorCode::sandbox_unavailable, what, -answer);
}

bool counts(const SystemCallRow& row, const FilterSurroundings& surroundings) {
  constexpr int kTruncationAbi = 3;
  const bool truncation_rule = surroundings.mount_tree || surroundings.landlock_abi >= kTruncationAbi;
  switch (row.needs) {
    case Needs::nothing: return true;
    case Needs::mount_tree: return surroundings.mount_tree;
    case Needs::truncation_rule: return truncation_rule;
    case Needs::no_truncation_rule: return !truncation_rule;
  }
  return false;
}

int add_row(scmp_filter_ctx context, const SystemCallRow& row) {
  const int number = seccomp_syscall_resolve_name(std::string(row.name).c_str());
  // Negative: another architecture's call, or newer than the library.
  if (number < 0) return 0;
  switch (row.when) {
    case When::always: return seccomp_rule_add(context, SCMP_ACT_ALLOW, number, 0);
    case When::argument_equals: {
      const scmp_arg_cmp condition{row.index, SCMP_CMP_EQ, row.value, 0};
      return seccomp_rule_add_array(context, SCMP_ACT_ALLOW, number, 1, &condition);
    }
    case When::argument_masked: {
      const scmp_arg_cmp condition{row.index, SCMP_CMP_MASKED_EQ, row.mask, row.value};
      return seccomp_rule_add_array(context, SCMP_ACT_ALLOW, number, 1, &condition);
    }
    case When::thread_clone: {
      constexpr std::uint64_t needed = CLONE_THREAD | CLONE_VM | CLONE_SIGHAND;
      constexpr std::uint64_t forbidden = CLONE_NEWNS | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC |
                                          CLONE_NEWUTS | CLONE_NEWCGROUP | CLONE_NEWTIME | CLONE_PTRACE | CLONE_UNTRACED |
                                          CLONE_VFORK;
      const scmp_arg_cmp condition{0, SCMP_CMP_MASKED_EQ, needed | forbidden, needed};
      return seccomp_rule_add_array(context, SCMP_ACT_ALLOW, number, 1, &condition);
    }
    case When::never_no_such_call: return seccomp_rule_add(context, SCMP_ACT_ERRNO(ENOSYS), number, 0);
  }
  return -EINVAL;
}

/// libseccomp knows no rule for numbers above all known ones, so these instructions stand before its program. Both tests that could
/// mistake a foreign call for a new one step aside: the library's program kills those.
std::string prologue() {
  const sock_filter instructions[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kNativeArchitecture, 0, 4),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000U, 2, 0),
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, kSystemCallNumberUnknown, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
  };
  return std::string(reinterpret_cast<const char*>(instructions), sizeof instructions);
}

}  // namespace

Result<std::string> build_system_call_filter(const FilterSurroundings& surroundings) {
  const Context context(seccomp_init(SCMP_ACT_ERRNO(EPERM)));
  if (!context) return filter_error("cannot start the system call filter", -ENOMEM);
  // The default would kill only the calling thread, and the run would hang until its deadline.
  if (const int answer = seccomp_attr_set(context.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS); answer != 0)
    return filter_error("cannot set the filter's answer to foreign architectures", answer);
  // A binary tree instead of a list: some calls would otherwise pass two hundred comparisons.
  (void)seccomp_attr_set(context.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);
  for (const SystemCallRow& row : kSystemCallRows) {
    if (!counts(row, surroundings)) continue;
    if (const int answer = add_row(context.get(), row); answer != 0)
      return filter_error("cannot add " + std::string(row.name) + " to the system call filter", answer);
  }
  WARDIAN_ASSIGN(process::MemoryFile file, process::MemoryFile::create("filter"));
  if (const int answer = seccomp_export_bpf(context.get(), file.fd()); answer != 0)
    return filter_error("cannot export the system call filter", answer);
  WARDIAN_ASSIGN(const process::Mapping program, file.map_read_only());
  const std::span<const std::byte> bytes = program.bytes();
  return prologue() + std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

}  // namespace wardian::sandbox
