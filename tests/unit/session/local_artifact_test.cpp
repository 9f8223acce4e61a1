#include "wardian/session/local_artifact.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "temporary_folder.h"
#include "wardian/session/artifact_fetcher.h"

namespace wardian::session {
namespace {

namespace fs = std::filesystem;

class LocalFiles : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"one", "two", "outside"}) fs::create_directory(root_ / name);
    for (const char* file : {"one/a", "two/a", "two/b", "outside/secret"}) std::ofstream(root_ / file) << file;
    fs::create_symlink("../outside/secret", root_ / "one/out");
    fs::create_directory_symlink("one", root_ / "link-to-one");
    ::mkfifo((root_ / "one/pipe").c_str(), 0600);
  }

  ArtifactPolicy allowing(std::initializer_list<const char*> names) const {
    ArtifactPolicy policy;
    for (const char* name : names) {
      auto folder = AllowedFolder::open(root_ / name);
      EXPECT_TRUE(folder.ok());
      policy.folders.push_back(std::move(*folder));
    }
    return policy;
  }
  static std::string read(std::string_view location, const ArtifactPolicy& policy) {
    const auto source = open_artifact(location, policy, {});
    if (!source.ok()) return std::string(error_code_name(source.error().code));
    std::array<std::byte, 100> bytes{};
    const auto got = (*source)->read(bytes);
    return got.ok() ? std::string(reinterpret_cast<const char*>(bytes.data()), *got) : got.error().message;
  }

  const TemporaryFolder temporary_;
  const fs::path& root_ = temporary_.path();
};

TEST_F(LocalFiles, ComeFromBelowAllowedFoldersOnly) {
  const ArtifactPolicy policy = allowing({"one", "two"});
  const std::string root = root_.string();
  const std::pair<std::string, std::string> cases[] = {
      {root + "/one/a", "one/a"},
      {"file://" + root + "/one/a", "one/a"},
      {"file://" + root + "/one/a;a key that nobody needs", "one/a"},
      {"a", "one/a"},  // the first folder that has it
      {"b", "two/b"},
      {"./b", "two/b"},
      {root + "/two/../two/b", "ACCESS_DENIED"},  // leads out on its way
      {"c", "FILE_NOT_FOUND"},
      {root + "/one/c", "FILE_NOT_FOUND"},
      {"a/below", "FILE_NOT_FOUND"},
      {root + "/outside/secret", "ACCESS_DENIED"},
      {root + "/one-more/a", "ACCESS_DENIED"},
      {root + "/one/../outside/secret", "ACCESS_DENIED"},
      {"../outside/secret", "ACCESS_DENIED"},
      {"../outside/gone", "ACCESS_DENIED"},
      {"out", "ACCESS_DENIED"},
      {root + "/one/out", "ACCESS_DENIED"},
      {root + "/one", "ACCESS_DENIED"},
      {"/etc/passwd", "ACCESS_DENIED"},
      {"pipe", "BAD_FILE"},
      {".", "BAD_FILE"},
      {"", "BAD_ARGUMENT"},
      {std::string("a\0b", 3), "BAD_ARGUMENT"},
      {"https://example.com/x?sig=secret", "NOT_SUPPORTED"},
      {"http://example.com/x;impersonate", "NOT_SUPPORTED"},
      {"gopher://x", "BAD_ARGUMENT"},
  };
  for (const auto& [location, expected] : cases) {
    EXPECT_EQ(read(location, policy), expected) << location;
    // What is told before anything is opened agrees with what is told then.
    const Status checked = ArtifactPlaces(policy).check(location);
    if (!checked.ok()) {
      EXPECT_EQ(error_code_name(checked.error().code), expected) << location;
    }
  }
  // By the folder's own name and by a link to it.
  EXPECT_EQ(read(root + "/link-to-one/a", allowing({"link-to-one"})), "one/a");
  EXPECT_EQ(read(root + "/one/a", allowing({"link-to-one"})), "one/a");
  EXPECT_EQ(read(root + "/link-to-one/a", allowing({"one"})), "ACCESS_DENIED");
  EXPECT_EQ(read("a", {}), "ACCESS_DENIED");
}

TEST_F(LocalFiles, NoKeyIsToldInAnError) {
  for (const char* location : {"https://example.com/x?sig=secret", "https://example.com/x;secret"}) {
    const auto opened = open_artifact(location, {}, {});
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().message.find("secret"), std::string::npos) << opened.error().message;
  }
}

TEST_F(LocalFiles, AnyFileMayBeAllowed) {
  ArtifactPolicy policy = allowing({"one"});
  policy.any_file = true;
  EXPECT_EQ(read((root_ / "outside/secret").string(), policy), "outside/secret");
  EXPECT_EQ(read("a", policy), "one/a");
  EXPECT_EQ(read((root_ / "one/out").string(), policy), "outside/secret");
  EXPECT_EQ(read("/dev/null", policy), "BAD_FILE");
}

TEST_F(LocalFiles, TheFolderIsMeantAndNotItsName) {
  const ArtifactPolicy policy = allowing({"one"});
  fs::rename(root_ / "one", root_ / "moved");
  fs::create_directory_symlink("outside", root_ / "one");
  EXPECT_EQ(read((root_ / "one/secret").string(), policy), "FILE_NOT_FOUND");
  EXPECT_EQ(read((root_ / "one/a").string(), policy), "one/a");
}

TEST_F(LocalFiles, AFileHasAnIdentityOnceItsTimeIsOld) {
  const ArtifactPolicy policy = allowing({"one"});
  const auto fresh = open_artifact("a", policy, {});
  ASSERT_TRUE(fresh.ok());
  EXPECT_FALSE((*fresh)->identity().has_value());  // it may change again within the same tick
  EXPECT_EQ((*fresh)->bytes(), 5U);
  EXPECT_TRUE(*(*fresh)->unchanged());
  std::ofstream(root_ / "one/a", std::ios::app) << "more";
  EXPECT_FALSE(*(*fresh)->unchanged());
  const auto old = open_artifact("/proc/self/exe", {.any_file = true, .folders = {}}, {});
  ASSERT_TRUE(old.ok());
}

}  // namespace
}  // namespace wardian::session
