// The mount for memory in large pages, and what its files promise without seals. Needs the right to mount.
#include "wardian/sandbox/launcher/memory_mount.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "wardian/process/memory_folder.h"

namespace wardian::sandbox {
namespace {

class MemoryMount : public testing::Test {
 protected:
  void SetUp() override {
    const int mount = launcher::make_memory_mount(launcher::Holds::data);
    if (mount < 0) GTEST_SKIP() << "this process may not mount";
    folder.emplace(UniqueFd(mount));
  }
  process::MemoryFile filled(std::uint64_t bytes) const {
    auto file = folder->create();
    EXPECT_TRUE(file.ok());
    EXPECT_TRUE(file->resize(bytes).ok());
    return std::move(*file);
  }
  std::optional<process::MemoryFolder> folder;
};

TEST_F(MemoryMount, ASealedFileHasNoWriterAndNoRoadToOne) {
  process::MemoryFile file = filled(4096);
  EXPECT_FALSE(process::MemoryFile::sealed(file.fd()));
  ASSERT_TRUE(file.seal().ok());
  EXPECT_TRUE(process::MemoryFile::sealed(file.fd()));
  EXPECT_LT(::pwrite(file.fd(), "x", 1, 0), 0);
  EXPECT_FALSE(file.resize(0).ok());
  EXPECT_FALSE(file.map_shared().ok());
  EXPECT_EQ(*file.size_bytes(), 4096U);
  EXPECT_TRUE(file.seal().ok()) << "twice is once";
}

TEST_F(MemoryMount, IsNotSealedWhileAnyoneMayWrite) {
  {
    process::MemoryFile file = filled(4096);
    const UniqueFd writer(::fcntl(file.fd(), F_DUPFD_CLOEXEC, 0));
    EXPECT_FALSE(file.seal().ok()) << "a second descriptor";
    EXPECT_FALSE(process::MemoryFile::sealed(file.fd()));
  }
  process::MemoryFile file = filled(4096);
  const auto mapping = file.map_shared();
  ASSERT_TRUE(mapping.ok());
  EXPECT_FALSE(file.seal().ok()) << "a writable map";
}

TEST_F(MemoryMount, IsNotUsedWhereThereAreNoLeases) {
  EXPECT_TRUE(folder->usable());
  const pid_t child = ::fork();
  if (child == 0) {
    // As with fs.leases-enable = 0; see fcntl(2), F_SETLEASE.
    void* const filter = seccomp_init(SCMP_ACT_ALLOW);
    const scmp_arg_cmp lease{1, SCMP_CMP_EQ, F_SETLEASE, 0};
    if (seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(fcntl), 1, &lease) != 0 || seccomp_load(filter) != 0)
      ::_exit(2);
    ::_exit(folder->usable() ? 1 : 0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

TEST_F(MemoryMount, SmallFilesTakeSmallPages) {
  const process::MemoryFile file = std::move(*folder->create());
  ASSERT_EQ(::pwrite(file.fd(), "x", 1, 0), 1);
  struct stat status {};
  ASSERT_EQ(::fstat(file.fd(), &status), 0);
  EXPECT_LE(status.st_blocks * 512, 64 << 10);
}

TEST_F(MemoryMount, CannotRunPrograms) {
  const process::MemoryFile file = filled(4096);
  EXPECT_EQ(::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_SHARED, file.fd(), 0), MAP_FAILED);
}

}  // namespace
}  // namespace wardian::sandbox
