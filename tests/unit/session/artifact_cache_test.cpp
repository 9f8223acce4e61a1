#include "wardian/session/artifact_cache.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <fstream>
#include <thread>

#include "temporary_folder.h"

namespace wardian::session {
namespace {

namespace fs = std::filesystem;

/// What the sources of these tests give, and how often they were asked.
struct World {
  std::string content = "content";
  std::optional<std::string> identity = "1";
  int changes = 0;  // so many readings meet a change
  bool fails = false;
  std::chrono::milliseconds takes{0};
  std::atomic<int> readings = 0;
};
World* world = nullptr;

class FakeSource final : public ArtifactSource {
 public:
  const std::optional<std::string>& identity() const override { return identity_; }
  std::optional<std::uint64_t> bytes() const override { return std::nullopt; }
  Result<std::size_t> read(std::span<std::byte> into) override {
    if (place_ == 0) {
      ++world->readings;
      std::this_thread::sleep_for(world->takes);
    }
    if (world->fails) return Error{ErrorCode::bad_file, "broken", {}, {}};
    const std::size_t size = std::min(into.size(), world->content.size() - place_);
    std::memcpy(into.data(), world->content.data() + place_, size);
    place_ += size;
    return size;
  }
  Result<bool> unchanged() const override { return world->changes-- <= 0; }

 private:
  std::optional<std::string> identity_ = world->identity;
  std::size_t place_ = 0;
};

Result<std::unique_ptr<ArtifactSource>> open_fake(std::string_view location, const ArtifactPolicy&, const FetchLimits&) {
  if (location == "denied") return Error{ErrorCode::access_denied, "denied", {}, {}};
  return std::unique_ptr<ArtifactSource>(std::make_unique<FakeSource>());
}

class Cache : public testing::Test {
 protected:
  void SetUp() override {
    world = &world_;
    auto made = sandbox::ShownFiles::make(temporary_.path() / "files", false);
    ASSERT_TRUE(made.ok());
    place_ = *made;
  }
  Result<pyrun::StoredFilePtr> get(std::string_view location = "x", const FetchLimits& limits = {}) {
    return cache_.get(location, {}, limits, store_);
  }
  static std::string content_of(const pyrun::StoredFilePtr& file) {
    std::ifstream in(file->path());
    return {std::istreambuf_iterator<char>(in), {}};
  }

  World world_;
  const TemporaryFolder temporary_;
  std::shared_ptr<const sandbox::ShownFiles> place_;
  pyrun::FileStore store_{[this] { return Result<std::shared_ptr<const sandbox::ShownFiles>>(place_); }};
  ArtifactCache cache_{&open_fake};
};

TEST_F(Cache, ReadsAgainOnlyWhatChanged) {
  const auto first = get();
  const auto again = get("another name of it");
  ASSERT_TRUE(first.ok() && again.ok());
  EXPECT_EQ(*first, *again);
  EXPECT_EQ(world_.readings, 1);
  world_.identity = "2";
  world_.content = "changed";
  EXPECT_EQ(content_of(*get()), "changed");
  EXPECT_EQ(world_.readings, 2);
  world_.identity = "3";  // new times, old bytes
  world_.content = "content";
  EXPECT_EQ(*get(), *first);
  EXPECT_EQ(world_.readings, 3);
  world_.identity.reset();  // nobody can tell
  (void)get();
  (void)get();
  EXPECT_EQ(world_.readings, 5);
}

TEST_F(Cache, AsksEachTimeWhetherItMayBeRead) {
  ASSERT_TRUE(get().ok());
  EXPECT_EQ(get("denied").error().code, ErrorCode::access_denied);
}

TEST_F(Cache, TwoAtOnceReadOnce) {
  world_.takes = std::chrono::milliseconds(50);
  std::vector<std::thread> threads;
  std::vector<pyrun::StoredFilePtr> files(8);
  for (pyrun::StoredFilePtr& file : files) threads.emplace_back([&] { file = *get(); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(world_.readings, 1);
  for (const pyrun::StoredFilePtr& file : files) EXPECT_EQ(file, files.front());
}

TEST_F(Cache, WhoWaitsIsNotHeldUpByWhoFails) {
  world_.takes = std::chrono::milliseconds(30);
  process::CancelToken cancel;
  std::thread first([&] { EXPECT_FALSE(get("x", {.cancel = &cancel}).ok()); });
  while (world_.readings == 0) std::this_thread::yield();
  cancel.cancel();
  EXPECT_EQ(content_of(*get()), "content");
  first.join();
  EXPECT_EQ(world_.readings, 2);
  // And may stop waiting itself.
  world_.identity = "2";
  world_.takes = std::chrono::milliseconds(300);
  std::thread slow([&] { EXPECT_TRUE(get().ok()); });
  while (world_.readings == 2) std::this_thread::yield();
  EXPECT_EQ(get("x", {.cancel = &cancel}).error().code, ErrorCode::cancelled);
  EXPECT_EQ(get("x", {.deadline = std::chrono::steady_clock::now()}).error().code, ErrorCode::timeout);
  slow.join();
}

TEST_F(Cache, NeverTakesAMixForAFile) {
  world_.changes = 2;
  ASSERT_TRUE(get().ok());
  EXPECT_EQ(world_.readings, 3);
  world_.identity = "2";
  world_.changes = 3;
  const auto never = get();
  ASSERT_FALSE(never.ok());
  EXPECT_EQ(never.error().code, ErrorCode::bad_file);
  EXPECT_NE(never.error().message.find("changes while it is read"), std::string::npos);
  world_.fails = true;
  world_.identity = "3";
  EXPECT_EQ(get().error().message, "broken");
  world_.fails = false;
  EXPECT_TRUE(get().ok());
}

TEST_F(Cache, TheArtifactsOfOneCallAreBoundedTogether) {
  world_.identity.reset();
  const plan::Artifact artifacts[] = {{"a", "x", {3, 7}}, {"b", "y", {3, 7}}};
  const auto fitting = fetch_artifacts(artifacts, {}, {.bytes_max = 14}, cache_, store_);
  ASSERT_TRUE(fitting.ok());
  EXPECT_EQ(fitting->at(1).name, "b");
  const auto over = fetch_artifacts(artifacts, {}, {.bytes_max = 13}, cache_, store_);
  EXPECT_EQ(over.error().code, ErrorCode::result_too_large);
  ASSERT_TRUE(over.error().span.has_value());
  EXPECT_EQ(over.error().span->begin, 3U);
}

}  // namespace
}  // namespace wardian::session
