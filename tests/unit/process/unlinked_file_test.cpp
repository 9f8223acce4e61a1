#include "wardian/process/unlinked_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "temporary_folder.h"
#include "wardian/process/memory_file.h"

namespace wardian::process {
namespace {

class UnlinkedFile : public ::testing::Test {
 protected:
  const TemporaryFolder temporary_;
  const std::filesystem::path& folder_ = temporary_.path();
  const std::string text_ = "content";
};

TEST_F(UnlinkedFile, LiesInItsFolderAndIsNotSeenThere) {
  const auto file = unlinked_file(folder_);
  ASSERT_TRUE(file.ok()) << file.error().message;
  ASSERT_EQ(::pwrite(file->get(), text_.data(), text_.size(), 100), 7);
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
  struct stat status {
  }, around{};
  ASSERT_EQ(::fstat(file->get(), &status), 0);
  ASSERT_EQ(::stat(folder_.c_str(), &around), 0);
  EXPECT_EQ(status.st_dev, around.st_dev);
  EXPECT_EQ(status.st_nlink, 0U);
  EXPECT_EQ(status.st_size, 107);
  EXPECT_EQ(status.st_mode & (S_IRWXG | S_IRWXO), 0U);
}

TEST_F(UnlinkedFile, SaysWhyItCannotBe) {
  const auto nowhere = unlinked_file(folder_ / "missing");
  ASSERT_FALSE(nowhere.ok());
  EXPECT_EQ(nowhere.error().code, ErrorCode::io);
}

TEST_F(UnlinkedFile, IsSealedOnceNobodyCanWriteToIt) {
  auto made = unlinked_file(folder_);
  ASSERT_TRUE(made.ok());
  ASSERT_EQ(::pwrite(made->get(), text_.data(), text_.size(), 0), 7);
  UniqueFd second(::dup(made->get()));
  MemoryFile file(std::move(*made));
  EXPECT_FALSE(MemoryFile::sealed(file.fd()));
  EXPECT_FALSE(file.seal().ok()) << "somebody else can still write";
  second.reset();
  ASSERT_TRUE(file.seal().ok());
  EXPECT_TRUE(MemoryFile::sealed(file.fd()));
  EXPECT_LT(::pwrite(file.fd(), "x", 1, 0), 0);
  const auto mapping = file.map_read_only();
  ASSERT_TRUE(mapping.ok());
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(mapping->bytes().data()), mapping->bytes().size()), text_);
}

TEST_F(UnlinkedFile, AFileWithANameIsNeverSealed) {
  const std::filesystem::path path = folder_ / "named";
  { const UniqueFd made(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)); }
  const UniqueFd named(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  ASSERT_TRUE(named.valid());
  struct stat status {};
  ASSERT_EQ(::fstat(named.get(), &status), 0);
  EXPECT_FALSE(MemoryFile::sealed(named.get()));
}

}  // namespace
}  // namespace wardian::process
