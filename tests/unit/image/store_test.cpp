#include "wardian/image/store.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>

#include "published_image.h"
#include "temporary_folder.h"

namespace wardian::image {
namespace {

namespace fs = std::filesystem;

class Stores : public testing::Test {
 protected:
  std::string publish(const std::string& name) { return publish_image(store(), name).filename(); }
  /// A process that is killed while it changes an image.
  void kill_in_a_change(const std::string& name) const {
    const pid_t child = ::fork();
    if (child == 0) {
      auto change = Change::begin(store(), name, {});
      if (change.ok()) std::ofstream(change->generation() / "half") << "half";
      ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
  }
  Store store() const { return Store(folder_); }
  std::size_t generations(const std::string& name) const {
    std::size_t count = 0;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder_ / name, error)) count += entry.is_directory();
    return count;
  }
  const TemporaryFolder temporary_;
  const fs::path& folder_ = temporary_.path();
};

TEST_F(Stores, APublishedImageIsFoundAndListed) {
  const std::string generation = publish("b");
  publish("a");
  const auto found = store().find("b");
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->manifest.generation, generation);
  EXPECT_TRUE(fs::exists(found->folder / "content"));
  ASSERT_EQ(store().list().size(), 2U);
  EXPECT_EQ(store().list().front().manifest.name, "a");
}

TEST_F(Stores, AnUnknownOneNamesASimilarOne) {
  publish("pandas15");
  const auto found = store().find("pandas16");
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().code, ErrorCode::unknown_image);
  EXPECT_NE(found.error().hint.find("pandas15"), std::string::npos);
}

TEST_F(Stores, AnUnpublishedChangeLeavesNothing) {
  { ASSERT_TRUE(Change::begin(store(), "half", {}).ok()); }
  EXPECT_FALSE(fs::exists(folder_ / "half"));
  const std::string before = publish("kept");
  { ASSERT_TRUE(Change::begin(store(), "kept", {}).ok()); }
  EXPECT_EQ(store().generation("kept"), before);
  EXPECT_EQ(generations("kept"), 1U);
}

TEST_F(Stores, AKilledChangeIsNeverSeenAndGoesWithTheNext) {
  kill_in_a_change("killed");
  EXPECT_EQ(generations("killed"), 1U);
  EXPECT_FALSE(store().find("killed").ok());
  EXPECT_TRUE(store().list().empty());
  publish("killed");
  EXPECT_EQ(generations("killed"), 1U);
}

TEST_F(Stores, WhatIsSomebodyElsesIsNotTouched) {
  fs::create_directories(folder_ / "projects" / "src");
  std::ofstream(folder_ / "projects" / "src" / "main.c") << "main";
  const TemporaryFolder elsewhere;
  fs::create_directories(elsewhere.path() / "0123456789abcdef");
  fs::create_directory_symlink(elsewhere.path(), folder_ / "link");
  std::ofstream(folder_ / "file") << "text";
  for (const char* name : {"projects", "link", "file"}) {
    const auto change = Change::begin(store(), name, {});
    ASSERT_FALSE(change.ok()) << name;
    EXPECT_EQ(change.error().code, ErrorCode::bad_file) << name;
    EXPECT_EQ(store().remove(name).error().code, ErrorCode::unknown_image) << name;
  }
  // Beside an image too: neither a change nor its end takes away what is not of its making.
  publish("mine");
  fs::create_directories(folder_ / "mine" / "notes");
  EXPECT_EQ(Change::begin(store(), "mine", {}).error().code, ErrorCode::bad_file);
  EXPECT_EQ(store().remove("mine").error().code, ErrorCode::bad_file);
  publish("another");
  EXPECT_TRUE(fs::exists(folder_ / "projects" / "src" / "main.c"));
  EXPECT_TRUE(fs::exists(elsewhere.path() / "0123456789abcdef"));
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_TRUE(fs::exists(folder_ / "mine" / "notes"));
}

TEST_F(Stores, TheRemainsOfAKilledChangeGoWithARemoval) {
  kill_in_a_change("killed");
  EXPECT_EQ(generations("killed"), 1U);
  EXPECT_EQ(store().remove("killed").error().code, ErrorCode::unknown_image);
  EXPECT_FALSE(fs::exists(folder_ / "killed"));
}

TEST_F(Stores, OneChangeAtATime) {
  const auto first = Change::begin(store(), "one", {});
  ASSERT_TRUE(first.ok());
  const auto second = Change::begin(store(), "one", {});
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::image_busy);
  EXPECT_NE(second.error().message.find(std::to_string(::getpid())), std::string::npos) << second.error().message;
  process::CancelToken token;
  token.cancel();
  const auto waiting = Change::begin(store(), "one", {.wait = true, .cancel = &token, .deadline = {}});
  ASSERT_FALSE(waiting.ok());
  EXPECT_EQ(waiting.error().code, ErrorCode::cancelled);
  const auto late =
      Change::begin(store(), "one", {.wait = true, .cancel = nullptr, .deadline = std::chrono::steady_clock::now()});
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, ErrorCode::timeout);
}

TEST_F(Stores, WhatIsInUseStaysUntilItIsNot) {
  const std::string first = publish("used");
  auto used = store().use("used");
  ASSERT_TRUE(used.ok()) << used.error().message;
  EXPECT_EQ(used->generation, first);
  const std::string second = publish("used");
  EXPECT_NE(first, second);
  EXPECT_TRUE(fs::exists(folder_ / "used" / first / "content"));
  EXPECT_EQ(store().use("used")->generation, second);
  ASSERT_TRUE(store().remove("used").ok());
  EXPECT_FALSE(store().find("used").ok());
  EXPECT_TRUE(fs::exists(folder_ / "used" / first / "content"));
  used = Error{ErrorCode::internal, "no longer used", {}, {}};
  EXPECT_FALSE(fs::exists(folder_ / "used"));
}

TEST_F(Stores, TheLastUserOfAnOldGenerationRemovesIt) {
  const std::string first = publish("used");
  auto one = store().use("used");
  auto other = store().use("used");
  ASSERT_TRUE(one.ok() && other.ok());
  const std::string second = publish("used");
  one = Error{ErrorCode::internal, "no longer used", {}, {}};
  EXPECT_TRUE(fs::exists(folder_ / "used" / first));
  other = Error{ErrorCode::internal, "no longer used", {}, {}};
  EXPECT_FALSE(fs::exists(folder_ / "used" / first));
  EXPECT_TRUE(fs::exists(folder_ / "used" / second / "content"));
  { ASSERT_TRUE(store().use("used").ok()); }
  EXPECT_TRUE(fs::exists(folder_ / "used" / second / "content"));
}

TEST_F(Stores, WhatAKilledUserLeftOfARemovedImageGoesWithTheNextChangeOfAny) {
  publish("used");
  std::array<int, 2> ready{};
  ASSERT_EQ(::pipe(ready.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto used = store().use("used");
    (void)!::write(ready[1], "x", 1);
    ::pause();
    ::_exit(used.ok() ? 0 : 1);
  }
  char told = 0;
  ASSERT_EQ(::read(ready[0], &told, 1), 1);
  ASSERT_TRUE(store().remove("used").ok());
  EXPECT_EQ(generations("used"), 1U);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(generations("used"), 1U);
  publish("another");
  EXPECT_FALSE(fs::exists(folder_ / "used"));
  for (const int fd : ready) ::close(fd);
}

TEST_F(Stores, DamagedDescriptionsAreToldApartFromAbsentOnes) {
  publish("bad");
  std::ofstream(folder_ / "bad" / "image.json") << "{";
  const auto found = store().find("bad");
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().code, ErrorCode::bad_file);
  // Perhaps a newer version's: what it names is not for us to remove.
  publish("newer");
  const fs::path kept = folder_ / "newer" / store().generation("newer");
  std::ofstream(folder_ / "newer" / "image.json") << R"({"format":99})";
  const auto change = Change::begin(store(), "newer", {});
  ASSERT_FALSE(change.ok());
  EXPECT_EQ(change.error().code, ErrorCode::bad_file);
  EXPECT_TRUE(fs::exists(kept / "content"));
  EXPECT_TRUE(store().remove("newer").ok());
  EXPECT_FALSE(fs::exists(folder_ / "newer"));
  publish("lost");
  fs::remove_all(folder_ / "lost" / store().generation("lost"));
  const auto lost = store().find("lost");
  ASSERT_FALSE(lost.ok());
  EXPECT_NE(lost.error().hint.find("wardian image update lost"), std::string::npos);
}

}  // namespace
}  // namespace wardian::image
