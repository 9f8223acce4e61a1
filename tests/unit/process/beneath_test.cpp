#include "wardian/process/beneath.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "temporary_folder.h"

namespace wardian::process {
namespace {

namespace fs = std::filesystem;

/// inside/{file, deep/file}, outside/secret, and links from the one to the other.
class Beneath : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(root_ / "inside/deep");
    fs::create_directory(root_ / "outside");
    for (const char* file : {"inside/file", "inside/deep/file", "outside/secret"}) std::ofstream(root_ / file) << file;
    fs::create_symlink("deep/file", root_ / "inside/good");
    fs::create_symlink("../outside/secret", root_ / "inside/out");
    fs::create_symlink(root_ / "inside/file", root_ / "inside/absolute");
    fs::create_symlink("../outside", root_ / "inside/door");
    fs::create_symlink("loop", root_ / "inside/loop");
    inside_ = UniqueFd(::open((root_ / "inside").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  }

  int failure_of(const fs::path& path) const {
    errno = 0;
    return open_beneath(inside_.get(), path) ? 0 : errno;
  }

  const TemporaryFolder temporary_;
  const fs::path& root_ = temporary_.path();
  UniqueFd inside_;
};

TEST_F(Beneath, FindsWhatLiesThereAndNothingElse) {
  EXPECT_EQ(failure_of("file"), 0);
  EXPECT_EQ(failure_of("./deep//file"), 0);
  EXPECT_EQ(failure_of("deep/../file"), 0);
  EXPECT_EQ(failure_of("good"), 0);
  EXPECT_EQ(failure_of("gone"), ENOENT);
  EXPECT_EQ(failure_of("file/below"), ENOTDIR);
  EXPECT_EQ(failure_of("loop"), ELOOP);
  for (const char* path : {"..", "../inside/file", "../outside/secret", "deep/../../outside/secret", "out", "absolute",
                           "door/secret", "door/gone", "../gone"})
    EXPECT_EQ(failure_of(path), EXDEV) << path;
  EXPECT_EQ(failure_of(root_ / "inside/file"), EXDEV);
  EXPECT_EQ(failure_of("/proc/self/root"), EXDEV);
}

TEST_F(Beneath, NeverFindsWhatLiesOutsideWhileFoldersAreSwapped) {
  struct stat secret {};
  ASSERT_EQ(::stat((root_ / "outside/secret").c_str(), &secret), 0);
  fs::create_directory(root_ / "inside/swapped");
  std::ofstream(root_ / "inside/swapped/secret") << "harmless";
  fs::create_symlink("../outside", root_ / "inside/trap");
  std::atomic<bool> stop = false;
  // Now a folder, now a link out of it, under one name.
  std::thread swapper([&] {
    while (!stop)
      ::renameat2(AT_FDCWD, (root_ / "inside/swapped").c_str(), AT_FDCWD, (root_ / "inside/trap").c_str(), RENAME_EXCHANGE);
  });
  int found = 0;
  for (int tries = 0; tries < 20'000; ++tries) {
    const UniqueFd place = open_beneath(inside_.get(), "swapped/secret");
    if (!place) continue;
    struct stat status {};
    ASSERT_EQ(::fstat(place.get(), &status), 0);
    ASSERT_NE(status.st_ino, secret.st_ino);
    ++found;
  }
  stop = true;
  swapper.join();
  EXPECT_GT(found, 0);
}

}  // namespace
}  // namespace wardian::process
