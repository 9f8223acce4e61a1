#include "wardian/sandbox/run_record.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "temporary_folder.h"

namespace wardian::sandbox {
namespace {

namespace fs = std::filesystem;

class RunRecords : public testing::Test {
 protected:
  void SetUp() override {
    spill_ = folder_ / "spill";
    fs::create_directories(spill_ / "below");
    std::ofstream(spill_ / "below" / "block") << "data";
    outside_ = folder_ / "outside";
    std::ofstream(outside_) << "keep";
    fs::create_symlink(outside_, spill_ / "link");
    plan_.cleanup_paths = {spill_.string()};
  }

  const TemporaryFolder temporary_;
  const fs::path& folder_ = temporary_.path();
  fs::path spill_, outside_;
  LaunchPlan plan_;
};

TEST_F(RunRecords, TheLivingAreLeftAlone) {
  const auto record = RunRecord::write_in(folder_, "alive", plan_);
  ASSERT_TRUE(record.ok());
  EXPECT_EQ(clean_orphans(folder_), 0U);
  EXPECT_TRUE(fs::exists(spill_));
}

TEST_F(RunRecords, OrphansAreCleanedOnceAndLinksNotFollowed) {
  {
    auto record = RunRecord::write_in(folder_, "dead", plan_);
    ASSERT_TRUE(record.ok());
    // Its lock goes, its file stays: what a crash leaves.
  }
  EXPECT_EQ(clean_orphans(folder_), 1U);
  EXPECT_FALSE(fs::exists(spill_));
  EXPECT_TRUE(fs::exists(outside_));
  EXPECT_EQ(clean_orphans(folder_), 0U);
}

TEST_F(RunRecords, ACleanEndLeavesNoRecord) {
  auto record = RunRecord::write_in(folder_, "clean", plan_);
  ASSERT_TRUE(record.ok());
  const std::string path = record->path();
  EXPECT_TRUE(fs::exists(path));
  record->erase();
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(RunRecords, NonsenseAndForeignGroupsDoNoHarm) {
  std::ofstream(folder_ / "nonsense.run") << "not a plan";
  LaunchPlan plan;
  plan.cgroups = {outside_.string()};  // not a group of ours by its name
  plan.cleanup_paths = {"", "/"};
  { ASSERT_TRUE(RunRecord::write_in(folder_, "hostile", plan).ok()); }
  EXPECT_EQ(clean_orphans(folder_), 2U);
  EXPECT_TRUE(fs::exists(outside_));
}

}  // namespace
}  // namespace wardian::sandbox
