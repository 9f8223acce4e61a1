#include "wardian/pyrun/file_store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "temporary_folder.h"
#include "wardian/kernels/content_hash.h"

namespace wardian::pyrun {
namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::size_t count_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

class Files : public testing::Test {
 protected:
  void SetUp() override {
    auto made = sandbox::ShownFiles::make(temporary_.path() / "files", false);
    ASSERT_TRUE(made.ok()) << made.error().message;
    place_ = *made;
  }
  const TemporaryFolder temporary_;
  std::shared_ptr<const sandbox::ShownFiles> place_;
  FileStore store_{[this] { return Result<std::shared_ptr<const sandbox::ShownFiles>>(place_); }};
};

TEST(ContentHash, IsSha256) {
  // Source: the examples of FIPS 180-2, appendix B, and the hash of nothing.
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
  };
  kernels::ContentHash hash;
  for (const auto& [text, expected] : cases) {
    for (const char& letter : text) hash.add(std::as_bytes(std::span(&letter, 1)));
    EXPECT_EQ(hash.take(), expected);
  }
}

TEST_F(Files, EachContentLiesThereOnce) {
  const auto one = store_.put("one", "abc", {});
  const auto same = store_.put("another name", "abc", {});
  const auto other = store_.put("other", std::string(3 << 20, 'x'), {});
  const auto nothing = store_.put("nothing", "", {});
  ASSERT_TRUE(one.ok() && same.ok() && other.ok() && nothing.ok());
  EXPECT_EQ(*one, *same);
  EXPECT_EQ((*one)->hash(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(content_of((*one)->path()), "abc");
  EXPECT_EQ((*other)->bytes(), 3U << 20);
  EXPECT_EQ(content_of((*other)->path()), std::string(3 << 20, 'x'));
  EXPECT_EQ((*nothing)->bytes(), 0U);
  EXPECT_EQ(count_in(place_->kept_part()), 3U);
}

TEST_F(Files, TheLastUsedAreKeptWithinTheBound) {
  const StoreLimits limits{.bytes_max = 10};
  auto a = store_.put("a", "aaaa", limits);
  auto b = store_.put("b", "bbbb", limits);
  ASSERT_TRUE(a.ok() && b.ok());
  store_.touch(*a, limits.bytes_max);
  const fs::path place_of_a = (*a)->path(), place_of_b = (*b)->path();
  b = store_.put("c", "cccc", limits);  // nobody holds b any more
  EXPECT_TRUE(fs::exists(place_of_a));
  EXPECT_FALSE(fs::exists(place_of_b));
  // Who holds one has it, kept or not.
  const auto held = *a;
  for (int n = 0; n < 5; ++n) ASSERT_TRUE(store_.put("more", std::to_string(n) + "-------", limits).ok());
  EXPECT_EQ(content_of(held->path()), "aaaa");
  const auto again = store_.put("a", "aaaa", limits);
  EXPECT_EQ(*again, held);
}

TEST_F(Files, WhatIsTooLargeOrTakesTooLongLeavesNothing) {
  EXPECT_EQ(store_.put("it", "12345678901", {.bytes_max = 10}).error().code, ErrorCode::result_too_large);
  const auto endless = [](std::span<std::byte> into) -> Result<std::size_t> { return into.size(); };
  EXPECT_EQ(store_.put("it", endless, {.bytes_max = 64 << 20}).error().code, ErrorCode::result_too_large);
  process::CancelToken cancel;
  cancel.cancel();
  EXPECT_EQ(store_.put("it", endless, {.cancel = &cancel}).error().code, ErrorCode::cancelled);
  const auto late = store_.put("it", endless, {.deadline = std::chrono::steady_clock::now()});
  EXPECT_EQ(late.error().code, ErrorCode::timeout);
  EXPECT_NE(late.error().message.find("while it was read"), std::string::npos);
  const auto broken = [](std::span<std::byte>) -> Result<std::size_t> { return Error{ErrorCode::bad_file, "broken", {}, {}}; };
  EXPECT_EQ(store_.put("it", broken, {}).error().message, "broken");
  EXPECT_EQ(count_in(place_->kept_part()), 0U);
}

TEST_F(Files, AreShownUnderTheirNamesForAsLongAsTheCallRuns) {
  const auto file = store_.put("it", "abc", {});
  ASSERT_TRUE(file.ok());
  const FileStore::Shown shown[] = {{"a b.txt", *file}, {"žluť", *file}};
  fs::path folder;
  {
    const auto call = store_.show(shown);
    const auto other = store_.show(shown);
    ASSERT_TRUE(call.ok() && other.ok());
    folder = call->folder();
    EXPECT_NE(call->folder(), other->folder());
    EXPECT_EQ(folder.filename().string().size(), 32U);
    EXPECT_EQ(content_of(folder / "žluť"), "abc");
    struct stat status {};
    ASSERT_EQ(::stat((folder / "a b.txt").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0444U);
    // Neither the folder nor those of other calls can be listed by others than root.
    for (const fs::path& one : {folder, place_->shown_part()}) {
      ASSERT_EQ(::stat(one.c_str(), &status), 0);
      EXPECT_EQ(status.st_mode & 0777U, 0311U) << one;
    }
  }
  EXPECT_FALSE(fs::exists(folder));
  EXPECT_EQ(count_in(place_->kept_part()), 1U);
  const fs::path whole = place_->folder();
  place_.reset();
  EXPECT_FALSE(fs::exists(whole));
}

}  // namespace
}  // namespace wardian::pyrun
