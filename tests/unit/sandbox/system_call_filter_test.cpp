#include "wardian/sandbox/system_call_filter.h"

#include <gtest/gtest.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>

#include <cerrno>
#include <cstring>
#include <set>

#include "wardian/sandbox/system_call_rows.h"

namespace wardian::sandbox {
namespace {

/// Runs a classic BPF program as the kernel does, over the subset that seccomp allows.
class Machine {
 public:
  explicit Machine(const std::string& bytes) : program_(bytes.size() / sizeof(sock_filter)) {
    std::memcpy(program_.data(), bytes.data(), bytes.size());
  }
  std::uint32_t answer(const seccomp_data& data) const {
    std::uint32_t accumulator = 0;
    for (std::size_t at = 0; at < program_.size(); ++at) {
      const sock_filter& one = program_[at];
      switch (one.code) {
        case BPF_LD | BPF_W | BPF_ABS: std::memcpy(&accumulator, reinterpret_cast<const char*>(&data) + one.k, 4); break;
        case BPF_JMP | BPF_JA: at += one.k; break;
        case BPF_JMP | BPF_JEQ | BPF_K: at += accumulator == one.k ? one.jt : one.jf; break;
        case BPF_JMP | BPF_JGE | BPF_K: at += accumulator >= one.k ? one.jt : one.jf; break;
        case BPF_JMP | BPF_JGT | BPF_K: at += accumulator > one.k ? one.jt : one.jf; break;
        case BPF_JMP | BPF_JSET | BPF_K: at += (accumulator & one.k) != 0 ? one.jt : one.jf; break;
        case BPF_ALU | BPF_AND | BPF_K: accumulator &= one.k; break;
        case BPF_RET | BPF_K: return one.k;
        default: ADD_FAILURE() << "unknown instruction " << one.code; return 0;
      }
    }
    ADD_FAILURE() << "ran off the end";
    return 0;
  }

 private:
  std::vector<sock_filter> program_;
};

constexpr std::uint32_t kRefused = SECCOMP_RET_ERRNO | EPERM;
constexpr std::uint32_t kUnknown = SECCOMP_RET_ERRNO | ENOSYS;

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#else
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#endif

seccomp_data call(int number, std::initializer_list<std::uint64_t> arguments = {}) {
  seccomp_data data{};
  data.nr = number;
  data.arch = kArchitecture;
  std::copy(arguments.begin(), arguments.end(), data.args);
  return data;
}

int number_of(const char* name) { return seccomp_syscall_resolve_name(name); }

class Filter : public testing::Test {
 protected:
  void SetUp() override { build({.mount_tree = true, .landlock_abi = 7}); }
  void build(const FilterSurroundings& surroundings) {
    auto program = build_system_call_filter(surroundings);
    ASSERT_TRUE(program.ok()) << program.error().message;
    machine_.emplace(*program);
  }
  std::optional<Machine> machine_;
};

TEST_F(Filter, LetsThroughExactlyTheTable) {
  std::set<int> unconditional, conditional, absent;
  for (const SystemCallRow& row : kSystemCallRows) {
    const int number = number_of(std::string(row.name).c_str());
    if (number < 0 || row.needs == Needs::no_truncation_rule) continue;
    (row.when == When::always ? unconditional : row.when == When::never_no_such_call ? absent : conditional).insert(number);
  }
  for (int number = 0; number < 600; ++number) {
    const std::uint32_t answer = machine_->answer(call(number, {~0ULL, ~0ULL, ~0ULL, ~0ULL}));
    if (unconditional.contains(number))
      EXPECT_EQ(answer, SECCOMP_RET_ALLOW) << number;
    else if (absent.contains(number) || number >= static_cast<int>(kSystemCallNumberUnknown))
      EXPECT_EQ(answer, kUnknown) << number;
    else
      EXPECT_EQ(answer, kRefused) << number;
  }
}

TEST_F(Filter, LooksAtArguments) {
  constexpr std::uint64_t kThread = 0x3d0f00;  // what glibc's pthread_create asks for
  const struct {
    const char* name;
    std::vector<std::uint64_t> arguments;
    bool allowed;
  } cases[] = {
      {"clone", {kThread}, true},
      {"clone", {17}, false},                    // fork
      {"clone", {kThread | 0x10000000}, false},  // a user namespace on the way
      {"clone", {kThread | 0x80}, false},        // a time namespace
      {"prlimit64", {0, 7, 0}, true},
      {"prlimit64", {0, 7, 0x7fff0000}, false},
      {"prlimit64", {0, 7, 0x100000000ULL}, false},  // only the upper half set
      {"prctl", {15}, true},
      {"prctl", {38}, false},
      {"fcntl", {0, 1030}, true},
      {"fcntl", {0, 1033}, false},
      {"ioctl", {0, 0x5401}, true},
      {"ioctl", {0, 0x5412}, false},  // TIOCSTI
      {"ioctl", {0, 0x100005412ULL}, false},
      {"ioctl", {0, 0x100005401ULL}, false},
      {"mmap", {0, 4096, 3, 0x22}, true},
      {"mmap", {0, 4096, 3, 0x40022}, false},                // MAP_HUGETLB
      {"mmap", {0, 4096, 3, 0x40022 | 21ULL << 26}, false},  // of a stated size
      {"madvise", {0, 4096, 4}, true},
      {"madvise", {0, 4096, 12}, false},              // MADV_MERGEABLE
      {"madvise", {0, 4096, 0x10000000cULL}, false},  // the same to a kernel that looks at the lower half
  };
  for (const auto& one : cases) {
    seccomp_data data = call(number_of(one.name));
    std::copy(one.arguments.begin(), one.arguments.end(), data.args);
    EXPECT_EQ(machine_->answer(data), one.allowed ? SECCOMP_RET_ALLOW : kRefused)
        << one.name << " " << testing::PrintToString(one.arguments);
  }
}

// Landlock has no rule for modes and times, and before ABI 3 none for truncation: see landlock(7), "Filesystem flags".
TEST_F(Filter, HoldsAloneWhatNothingElseHolds) {
  const struct {
    const char* name;
    std::vector<std::uint64_t> arguments;
    bool with_tree, abi_3, abi_2;  // allowed with a mount tree; without one, by Landlock's ABI
  } cases[] = {
    {"fchmod", {3, 0777}, true, false, false},
    {"fchmodat", {~0ULL, 0, 0777}, true, false, false},
    {"utimensat", {~0ULL, 0, 0, 0}, true, false, false},
    {"truncate", {0, 0}, true, true, false},
    {"ftruncate", {3, 0}, true, true, true},           // of what could be opened for writing
    {"openat", {~0ULL, 0, 0}, true, true, true},       // O_RDONLY
    {"openat", {~0ULL, 0, 01101}, true, true, true},   // O_WRONLY | O_CREAT | O_TRUNC
    {"openat", {~0ULL, 0, 01002}, true, true, true},   // O_RDWR | O_TRUNC
    {"openat", {~0ULL, 0, 01000}, true, true, false},  // O_RDONLY | O_TRUNC
    {"openat", {~0ULL, 0, 01003}, true, true, false},  // neither for reading nor for writing
#if defined(__x86_64__)
    {"open", {0, 01000}, true, true, false},
    {"open", {0, 01101}, true, true, true},
    {"chmod", {0, 0777}, true, false, false},
#endif
  };
  for (const auto& [mount_tree, abi] : {std::pair(true, 0), std::pair(true, 2), std::pair(false, 7), std::pair(false, 3),
                                        std::pair(false, 2), std::pair(false, 0)}) {
    build({.mount_tree = mount_tree, .landlock_abi = abi});
    for (const auto& one : cases) {
      seccomp_data data = call(number_of(one.name));
      std::copy(one.arguments.begin(), one.arguments.end(), data.args);
      const bool allowed = mount_tree ? one.with_tree : abi >= 3 ? one.abi_3 : one.abi_2;
      EXPECT_EQ(machine_->answer(data), allowed ? SECCOMP_RET_ALLOW : kRefused)
          << one.name << " " << testing::PrintToString(one.arguments) << " tree " << mount_tree << " ABI " << abi;
    }
  }
}

TEST_F(Filter, KillsTheProcessForAnotherArchitecture) {
  seccomp_data data = call(1);
  data.arch = AUDIT_ARCH_I386;
  EXPECT_EQ(machine_->answer(data), SECCOMP_RET_KILL_PROCESS);
  data.nr = 9999;
  EXPECT_EQ(machine_->answer(data), SECCOMP_RET_KILL_PROCESS);
#if defined(__x86_64__)
  for (const int number : {0, 1, 57, 512, 547, 100000})
    EXPECT_EQ(machine_->answer(call(0x40000000 | number)), SECCOMP_RET_KILL_PROCESS) << number;
#endif
}

}  // namespace
}  // namespace wardian::sandbox
