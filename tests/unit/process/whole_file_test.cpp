#include "wardian/process/whole_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>

#include "temporary_folder.h"
#include "wardian/base/unique_fd.h"
#include "wardian/process/write_all.h"

namespace wardian::process {
namespace {

namespace fs = std::filesystem;

class WholeFiles : public testing::Test {
 protected:
  Result<bool> write(const std::string& name, std::string_view text, WholeFile how = {}) const {
    const UniqueFd folder(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const std::array<std::string_view, 1> pieces = {text};
    return write_whole_file(folder.get(), name, pieces, how, folder_ / name);
  }
  std::size_t count() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }
  const TemporaryFolder temporary_;
  const fs::path& folder_ = temporary_.path();
};

TEST_F(WholeFiles, AreReadAsTheyWereWritten) {
  for (const std::string& text : {std::string(), std::string("a\r\n\0\xff", 5), std::string(3 << 20, 'x')}) {
    ASSERT_TRUE(write("file", text, {.durable = true}).value());
    EXPECT_EQ(read_whole_file(folder_ / "file").value(), text);
  }
  EXPECT_EQ(count(), 1U);
  EXPECT_EQ(read_whole_file(folder_ / "missing").error().code, ErrorCode::file_not_found);
  EXPECT_EQ(read_whole_file(folder_).error().code, ErrorCode::file_not_found);
}

TEST_F(WholeFiles, LeaveWhatIsNotToBeReplaced) {
  ASSERT_TRUE(write("file", "first").value());
  EXPECT_FALSE(write("file", "second", {.replace = false}).value());
  EXPECT_EQ(read_whole_file(folder_ / "file").value(), "first");
  fs::create_symlink("file", folder_ / "link");
  EXPECT_TRUE(write("link", "third").value()) << "the link itself goes, not what it leads to";
  EXPECT_EQ(read_whole_file(folder_ / "file").value(), "first");
  EXPECT_FALSE(fs::is_symlink(folder_ / "link"));
}

TEST_F(WholeFiles, LeaveTheFormerOneWhereTheNewOneDoesNotFit) {
  ASSERT_TRUE(write("file", "first").value());
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small = {4096, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto refused = write("file", std::string(8192, 'x'));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::disk_full);
  EXPECT_EQ(read_whole_file(folder_ / "file").value(), "first");
  EXPECT_EQ(count(), 1U) << "no part is left";
}

TEST(WriteAll, SaysWhyAndWhatIsLeft) {
  const UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  const std::string_view text = "content";
  std::span<const std::byte> left = std::as_bytes(std::span(text));
  EXPECT_EQ(write_all(full.get(), left), ENOSPC);
  EXPECT_EQ(left.size(), text.size());
  EXPECT_EQ(write_all(-1, left), EBADF);
}

}  // namespace
}  // namespace wardian::process
