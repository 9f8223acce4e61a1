// The launcher's plan, what is laid out for each level, and the self-check's masks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "wardian/sandbox/launch_layout.h"
#include "wardian/sandbox/self_check.h"

namespace wardian::sandbox {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

LaunchPlan full_plan() {
  LaunchPlan plan;
  plan.ids = IdMapping::range;
  plan.host_id_first = 4'000'000'000U;
  plan.host_id_count = 256;
  plan.mount_namespace = plan.network_namespace = plan.proc = true;
  plan.scratch = "/scratch";
  plan.binds = {{"/a b", "/c\nd", false}, {"/dev/null", "/dev/null", true}};
  plan.links = {{"/lib", "usr/lib"}};
  plan.files = {{"/etc/passwd", "line\nline\n"}, {"/etc/empty", ""}};
  plan.executable = "/usr/bin/python3";
  plan.arguments = {"-I", ""};
  plan.environment = {"LANG=C"};
  plan.cgroups = {"/sys/fs/cgroup/x"};
  plan.cgroup_leaf = {"/sys/fs/cgroup/y", "/sys/fs/cgroup/y/leaf"};
  plan.cleanup_paths = {"/tmp/x", "/tmp/y"};
  plan.record = "/run/r";
  return plan;
}

TEST(LaunchPlan, SurvivesTheJourney) {
  const LaunchPlan plan = full_plan();
  const auto decoded = decode(encode(plan));
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(*decoded, plan);
  EXPECT_EQ(decode(encode(LaunchPlan())), LaunchPlan());
}

TEST(LaunchPlan, AnyCutIsRefusedOrShorter) {
  const std::string text = encode(full_plan());
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto decoded = decode(std::string_view(text).substr(0, size));
    if (decoded) {
      EXPECT_NE(*decoded, full_plan()) << size;
    }
  }
  EXPECT_FALSE(decode("").has_value());
  EXPECT_FALSE(decode(std::string("some other file\0", 16)).has_value());
  EXPECT_FALSE(decode(encode(LaunchPlan()) + std::string("surprise\0", 9)).has_value());
}

LaunchInputs inputs_at(Level level, std::uint32_t uid) {
  LaunchInputs inputs;
  inputs.level = level;
  inputs.own_uid = uid;
  inputs.machine.root = inputs.machine.can_map_ids = inputs.machine.can_change_ids = uid == 0;
  inputs.id_first = uid == 0 ? 100'000 : 0;
  inputs.id_count = uid == 0 ? 256 : 0;
  inputs.machine.proc_mount = true;
  inputs.machine.landlock_abi = 7;
  inputs.image.entry_module = "entry \"quoted\"";
  inputs.layout.executable = "/usr/bin/python3.11";
  inputs.layout.shown_paths = {"/usr/lib", "/usr/lib/python3.11", "/venv/site-packages"};
  inputs.parts.folder = "/opt/wardian/_sandbox";
  inputs.filter = "\x01\xff";
  return inputs;
}

TEST(LaunchLayout, EachLevelAsksForWhatItHas) {
  const struct {
    Level level;
    std::uint32_t uid;
    IdMapping ids;
    bool namespaces;
    std::uint32_t host_id;
  } cases[] = {
      {Level::a, 0, IdMapping::range, true, 100'000},
      {Level::b, 1000, IdMapping::self, true, 0},
      {Level::c, 1000, IdMapping::self, true, 0},
      {Level::c, 0, IdMapping::range, true, 100'000},  // root's own id is never mapped
      {Level::d, 0, IdMapping::none, false, 100'000},
      {Level::d, 1000, IdMapping::none, false, 0},
      {Level::e, 1000, IdMapping::none, false, 0},
  };
  for (const auto& one : cases) {
    const Launch launch = lay_out(inputs_at(one.level, one.uid));
    const std::string what = std::string(level_name(one.level)) + " as " + std::to_string(one.uid);
    EXPECT_EQ(launch.plan.ids, one.ids) << what;
    EXPECT_EQ(launch.plan.host_id_first, one.host_id) << what;
    for (const bool flag : {launch.plan.mount_namespace, launch.plan.pid_namespace, launch.plan.network_namespace,
                            launch.plan.ipc_namespace, launch.plan.uts_namespace, launch.plan.proc})
      EXPECT_EQ(flag, one.namespaces) << what;
    EXPECT_THAT(launch.config, HasSubstr(one.level == Level::e ? "\"landlock_abi\": 0" : "\"landlock_abi\": 7")) << what;
  }
}

TEST(LaunchLayout, RootWithoutAllPowersGoesTheWayOfAnOrdinaryUser) {
  LaunchInputs inputs = inputs_at(Level::c, 0);
  inputs.machine.root = inputs.machine.can_map_ids = false;
  LaunchPlan plan = lay_out(inputs).plan;
  EXPECT_EQ(plan.ids, IdMapping::self);
  EXPECT_EQ(plan.host_id_first, 100'000U);  // under another id first, which it may take
  inputs.id_first = inputs.id_count = 0;
  plan = lay_out(inputs).plan;
  EXPECT_EQ(plan.ids, IdMapping::self);
  EXPECT_EQ(plan.host_id_first, 0U);
}

TEST(LaunchLayout, LackingOnlyLandlockKeepsTheNamespaces) {
  LaunchInputs inputs = inputs_at(Level::e, 1000);
  Machine& machine = inputs.machine;
  machine.landlock_abi = 0;
  machine.user_namespace = machine.mount_namespace = machine.pid_namespace = true;
  machine.network_namespace = machine.ipc_namespace = machine.uts_namespace = true;
  EXPECT_TRUE(lay_out(inputs).plan.mount_namespace);
  machine.uts_namespace = false;
  EXPECT_FALSE(lay_out(inputs).plan.mount_namespace);
}

TEST(LaunchLayout, ShowsEachFolderOnceAndNoSecrets) {
  const Launch launch = lay_out(inputs_at(Level::a, 0));
  EXPECT_THAT(launch.plan.binds, Contains(Bind{"/usr/lib", "/usr/lib", false}));
  EXPECT_THAT(launch.plan.binds, Not(Contains(Bind{"/usr/lib/python3.11", "/usr/lib/python3.11", false})));
  EXPECT_THAT(launch.plan.binds, Contains(Bind{"/opt/wardian/_sandbox", "/opt/wardian/_sandbox", false}));
  for (const Bind& bind : launch.plan.binds)
    EXPECT_TRUE(bind.target != "/" && bind.target != "/etc" && bind.target != "/proc") << bind.target;
  EXPECT_THAT(launch.plan.links, Contains(SymbolicLink{"/tmp", "/scratch"}));
  EXPECT_THAT(launch.config, HasSubstr("entry \\\"quoted\\\""));
  EXPECT_THAT(launch.config, HasSubstr("\"filter\": \"01ff\""));
}

TEST(LaunchLayout, AnImageBelowTmpIsNotHidden) {
  LaunchInputs inputs = inputs_at(Level::a, 0);
  inputs.layout.shown_paths.emplace_back("/tmp/venv/lib");
  const Launch launch = lay_out(inputs);
  EXPECT_THAT(launch.plan.links, Not(Contains(SymbolicLink{"/tmp", "/scratch"})));
}

TEST(IdBlock, IsTakenFromWhatIsMapped) {
  const struct {
    const char* map;
    std::uint32_t count;
    std::uint64_t least, most;
  } cases[] = {
      {"         0          0 4294967295\n", 256, 0x60000000U, 0x70000000U},
      {"         0     100000      65536\n", 256, 61440, 65535},
      {"         0       1000          1\n", 0, 0, 0},
      {"", 0, 0, 0},
  };
  for (const auto& one : cases)
    for (const std::uint32_t pid : {1U, 7U, 65535U, 4'000'000U}) {
      const IdBlock block = choose_ids(one.map, pid);
      EXPECT_EQ(block.count, one.count) << one.map;
      EXPECT_GE(block.first, one.least) << one.map;
      EXPECT_LE(block.first + block.count, one.most) << one.map;
    }
}

TEST(SelfCheck, NamesWhatIsMissing) {
  LaunchPlan plan;
  plan.pid_namespace = true;
  const std::uint32_t all = expected_walls(plan, 7);
  EXPECT_EQ(missing_walls(all, all), "");
  EXPECT_EQ(missing_walls(all, all & ~kWallSeccomp), "seccomp");
  EXPECT_EQ(missing_walls(all, all & ~(kWallSeccomp | kWallLandlock)), "seccomp, Landlock");
  plan.pid_namespace = false;
  EXPECT_EQ(missing_walls(expected_walls(plan, 0), all & ~(kWallPidNamespace | kWallLandlock)), "");
}

}  // namespace
}  // namespace wardian::sandbox
