#include "wardian/process/private_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "temporary_folder.h"

namespace wardian::process {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

class PrivateFolder : public testing::Test {
 protected:
  const TemporaryFolder temporary_;
  const fs::path& parent_ = temporary_.path();
};

TEST_F(PrivateFolder, IsMadeOnceAndFoundAgain) {
  const auto made = private_folder(parent_, "own");
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(*made, parent_ / "own");
  struct stat status {};
  ASSERT_EQ(::lstat(made->c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700U);
  EXPECT_EQ(private_folder(parent_, "own").value(), *made);
  EXPECT_THAT(private_folders(parent_, "own"), ElementsAre(*made));
}

TEST_F(PrivateFolder, ANameThatSomebodyTookIsPassedOver) {
  std::ofstream(parent_ / "own") << "a file";
  fs::create_directory_symlink("/tmp", parent_ / "own-1");
  fs::create_directory(parent_ / "own-2");
  ::chmod((parent_ / "own-2").c_str(), 0777);
  int next = 3;
  if (::geteuid() == 0) {
    fs::create_directory(parent_ / "own-3");
    ::chmod((parent_ / "own-3").c_str(), 0700);
    ASSERT_EQ(::chown((parent_ / "own-3").c_str(), 65534, 65534), 0);
    next = 4;
  }
  const fs::path expected = parent_ / ("own-" + std::to_string(next));
  EXPECT_EQ(private_folder(parent_, "own").value(), expected);
  EXPECT_THAT(private_folders(parent_, "own"), ElementsAre(expected));
}

TEST_F(PrivateFolder, SaysWhenThereIsNoName) {
  for (int number = 0; number < 16; ++number)
    std::ofstream(parent_ / ("own" + (number == 0 ? "" : "-" + std::to_string(number))));
  EXPECT_EQ(private_folder(parent_, "own").error().code, ErrorCode::access_denied);
  EXPECT_EQ(private_folder(parent_ / "missing", "own").error().code, ErrorCode::io);
}

}  // namespace
}  // namespace wardian::process
