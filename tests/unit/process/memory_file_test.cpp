#include "wardian/process/memory_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

namespace wardian::process {
namespace {

TEST(MemoryFile, HoldsWhatWasMapped) {
  auto file = MemoryFile::create("test", 10'000);
  ASSERT_TRUE(file.ok());
  {
    auto mapping = file->map_shared();
    ASSERT_TRUE(mapping.ok());
    std::ranges::fill(mapping->bytes(), std::byte{7});
  }
  ASSERT_TRUE(file->seal().ok());
  EXPECT_TRUE(MemoryFile::sealed(file->fd()));
  const auto mapping = file->map_read_only();
  ASSERT_TRUE(mapping.ok());
  EXPECT_EQ(mapping->bytes().size(), 10'000U);
  EXPECT_TRUE(std::ranges::all_of(mapping->bytes(), [](std::byte byte) { return byte == std::byte{7}; }));
}

TEST(MemoryFile, SealedMeansNoRoadToChange) {
  const std::string text = "content";
  auto file = MemoryFile::sealed_copy("test", std::as_bytes(std::span(text)));
  ASSERT_TRUE(file.ok());
  EXPECT_LT(::pwrite(file->fd(), "x", 1, 0), 0);
  EXPECT_FALSE(file->resize(0).ok());
  EXPECT_FALSE(file->map_shared().ok());
  EXPECT_EQ(*file->size_bytes(), text.size());
}

TEST(MemoryFile, CannotBeSealedWhileSomeoneMayWrite) {
  auto file = MemoryFile::create("test", 4096);
  ASSERT_TRUE(file.ok());
  const auto mapping = file->map_shared();
  ASSERT_TRUE(mapping.ok());
  EXPECT_FALSE(file->seal().ok());
  EXPECT_FALSE(MemoryFile::sealed(file->fd()));
}

TEST(MemoryFile, EmptyMapsToNothing) {
  auto file = MemoryFile::create("test");
  ASSERT_TRUE(file.ok());
  const auto mapping = file->map_read_only();
  ASSERT_TRUE(mapping.ok());
  EXPECT_TRUE(mapping->bytes().empty());
}

TEST(MemoryFile, OtherFilesAreNotSealed) { EXPECT_FALSE(MemoryFile::sealed(0)); }

}  // namespace
}  // namespace wardian::process
