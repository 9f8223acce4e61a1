#include "wardian/columnar/file_write.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "temporary_folder.h"
#include "wardian/base/unique_fd.h"
#include "wardian/columnar/file_copy.h"

namespace wardian::columnar {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

class FrameFiles : public testing::Test {
 protected:
  UniqueFd file(const char* name) const {
    return UniqueFd(::open((temporary_.path() / name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  }
  const TemporaryFolder temporary_;
};

TEST_F(FrameFiles, AFullDiskIsSaidWithWhatToDo) {
  const UniqueFd full(::open("/dev/full", O_RDWR | O_CLOEXEC));
  const Status refused = write_all(full.get(), bytes_of("content"), 0);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::disk_full);
  EXPECT_EQ(refused.error().message, "Cannot write to a temporary file: No space left on device");
  EXPECT_NE(refused.error().hint.find("TMPDIR"), std::string::npos);
}

TEST_F(FrameFiles, ACopyEndsWithWhatItIsMadeOf) {
  const UniqueFd from = file("from"), to = file("to");
  ASSERT_TRUE(write_all(from.get(), bytes_of("0123456789"), 0).ok());
  EXPECT_EQ(copy_bytes(from.get(), 2, to.get(), 1, 4).value(), 4U);
  EXPECT_EQ(copy_bytes(from.get(), 8, to.get(), 5, 4).value(), 2U) << "two bytes are left";
  EXPECT_EQ(copy_bytes(from.get(), 11, to.get(), 9, 4).value(), 0U);
  std::string copied(16, '?');
  ASSERT_EQ(::pread(to.get(), copied.data(), copied.size(), 0), 7);
  EXPECT_EQ(copied.substr(0, 7), std::string(1, '\0') + "234589");
  EXPECT_EQ(copy_bytes(-1, 0, to.get(), 0, 1).error().code, ErrorCode::io);
}

}  // namespace
}  // namespace wardian::columnar
