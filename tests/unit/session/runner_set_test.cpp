#include "wardian/session/runner_set.h"

#include <gtest/gtest.h>

#include "published_image.h"
#include "temporary_folder.h"

namespace wardian::session {
namespace {

namespace fs = std::filesystem;

/// Images without an environment, for runners that run nothing.
class RunnerSets : public testing::Test {
 protected:
  fs::path publish(const std::string& name) { return image::publish_image(store_, name); }
  static bool gone(const fs::path& path) {
    for (int attempt = 0; attempt < 500 && fs::exists(path); ++attempt)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return !fs::exists(path);
  }
  ScriptSettings settings() const {
    ScriptSettings made;
    made.pool = [] { return Result<sandbox::PoolConfig>(sandbox::PoolConfig()); };
    made.images = folder_.path();
    return made;
  }

  const TemporaryFolder folder_;
  const image::Store store_{folder_.path()};
};

TEST_F(RunnerSets, AChangedImageStaysForThoseThatUseIt) {
  const fs::path first = publish("x");
  RunnerSet runners(settings());
  auto before = runners.get("x");
  ASSERT_TRUE(before.ok()) << before.error().message;
  EXPECT_EQ(runners.get("x")->get(), before->get());
  const fs::path second = publish("x");
  {
    const auto after = runners.get("x");
    ASSERT_TRUE(after.ok());
    EXPECT_NE(after->get(), before->get());
    EXPECT_EQ((*after)->used.generation, second.filename());
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_TRUE(fs::exists(first));
  before->reset();
  EXPECT_TRUE(gone(first));
  EXPECT_TRUE(fs::exists(second));
}

TEST_F(RunnerSets, ThoseUnusedGoAndAreMadeAnew) {
  publish("x");
  publish("y");
  ScriptSettings few = settings();
  few.pools_max = 1;
  RunnerSet runners(few);
  std::weak_ptr<ImageRunner> x = *runners.get("x");
  const auto y = runners.get("y");
  for (int attempt = 0; attempt < 500 && !x.expired(); ++attempt) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_TRUE(x.expired());
  EXPECT_TRUE(runners.get("x").ok());
  EXPECT_EQ(runners.get("nobody").error().code, ErrorCode::unknown_image);
}

}  // namespace
}  // namespace wardian::session
