#include "wardian/sandbox/level.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wardian/sandbox/machine.h"

namespace wardian::sandbox {
namespace {

Machine strongest() {
  Machine machine;
  machine.root = machine.can_map_ids = machine.can_change_ids = true;
  machine.user_namespace = machine.mount_namespace = machine.pid_namespace = machine.network_namespace = true;
  machine.ipc_namespace = machine.uts_namespace = machine.proc_mount = true;
  machine.seccomp = machine.pidfd = machine.close_range = machine.memfd_seals = machine.openat2 = true;
  machine.landlock_abi = 7;
  machine.cgroup_memory = machine.cgroup_pids = machine.cgroup_cpu = machine.cgroup_kill = true;
  machine.cgroup_kind = "v2";
  return machine;
}

TEST(Level, TheLadder) {
  const struct {
    const char* what;
    void (*weaken)(Machine&);
    Level level;
  } rungs[] = {
      {"everything", [](Machine&) {}, Level::a},
      {"no delegation of ids", [](Machine& m) { m.can_map_ids = false; }, Level::b},
      {"ordinary user", [](Machine& m) { m.root = m.can_map_ids = false; }, Level::b},
      {"old Landlock", [](Machine& m) { m.landlock_abi = 4; }, Level::b},
      {"no control groups", [](Machine& m) { m.root = m.cgroup_memory = m.cgroup_pids = m.cgroup_cpu = false; }, Level::c},
      {"one controller missing", [](Machine& m) { m.cgroup_cpu = false; }, Level::c},
      {"no user namespaces", [](Machine& m) { m.user_namespace = false; }, Level::d},
      {"one namespace missing", [](Machine& m) { m.network_namespace = false; }, Level::d},
      {"a /proc that is hidden in part", [](Machine& m) { m.proc_mount = false; }, Level::d},
      {"no Landlock", [](Machine& m) { m.landlock_abi = 0; }, Level::e},
      {"neither", [](Machine& m) { m.landlock_abi = 0, m.user_namespace = false; }, Level::e},
      {"no seccomp", [](Machine& m) { m.seccomp = false; }, Level::f},
      {"no pidfd", [](Machine& m) { m.pidfd = false; }, Level::f},
      {"no sealing", [](Machine& m) { m.memfd_seals = false; }, Level::f},
  };
  for (const auto& rung : rungs) {
    Machine machine = strongest();
    rung.weaken(machine);
    const LevelChoice choice = choose_level(machine);
    EXPECT_EQ(level_name(choice.level), level_name(rung.level)) << rung.what;
    EXPECT_EQ(choice.missing.empty(), rung.level == Level::a) << rung.what;
    EXPECT_EQ(choice.lost.empty(), rung.level == Level::a) << rung.what;
  }
}

TEST(Level, WhatIsLostIsSaidAsItIs) {
  const struct {
    const char* what;
    void (*weaken)(Machine&);
    const char* said;
    const char* unsaid;
  } cases[] = {
      {"no namespaces, no Landlock", [](Machine& m) { m.user_namespace = false, m.landlock_abi = 0; },
       "the network is closed by seccomp alone", "seccomp and Landlock, not by"},
      {"no namespaces", [](Machine& m) { m.user_namespace = false; }, "closed by seccomp and Landlock, not by",
       "namespaces and seccomp alone"},
      {"no namespaces, an old Landlock", [](Machine& m) { m.user_namespace = false, m.landlock_abi = 3; },
       "abstract sockets are held by seccomp alone", "held by namespaces"},
      {"ordinary user without namespaces and groups",
       [](Machine& m) { m.root = m.can_map_ids = m.can_change_ids = m.user_namespace = m.cgroup_pids = false; },
       "threads have no bound", "RLIMIT_NPROC"},
      {"only Landlock lacks", [](Machine& m) { m.landlock_abi = 0; }, "hidden by the mount tree alone", "one host uid"},
  };
  for (const auto& one : cases) {
    Machine machine = strongest();
    one.weaken(machine);
    const std::string all = testing::PrintToString(choose_level(machine).lost);
    EXPECT_NE(all.find(one.said), std::string::npos) << one.what << ": " << all;
    EXPECT_EQ(all.find(one.unsaid), std::string::npos) << one.what << ": " << all;
  }
}

TEST(Level, TheReasonIsPassedOn) {
  Machine machine = strongest();
  machine.cgroup_memory = false;
  machine.cgroup_why = "not delegated";
  machine.mount_namespace = false;
  machine.namespace_why = "refused by policy";
  const std::string all = testing::PrintToString(choose_level(machine).missing);
  EXPECT_NE(all.find("not delegated"), std::string::npos);
  EXPECT_NE(all.find("refused by policy"), std::string::npos);
}

TEST(Level, NamesGoBothWays) {
  for (const char* name : {"A", "B", "C", "D", "E", "F"}) EXPECT_EQ(level_name(level_named(name).value()), name);
  EXPECT_EQ(level_named("c"), Level::c);
  for (const char* wrong : {"", "G", "AB", "1"}) EXPECT_FALSE(level_named(wrong).has_value()) << wrong;
}

TEST(Machine, ReadsTheLaunchersTrial) {
  const Machine machine = parse_trial(
      "root=1\nuser_namespace=1\nmount_namespace=0\nnamespace_why=first\nnamespace_why=second\nlandlock_abi=6\nnew_thing="
      "1\nnonsense\n");
  EXPECT_TRUE(machine.root);
  EXPECT_TRUE(machine.user_namespace);
  EXPECT_FALSE(machine.mount_namespace);
  EXPECT_FALSE(machine.seccomp);
  EXPECT_EQ(machine.landlock_abi, 6);
  EXPECT_EQ(machine.namespace_why, "first");
}

}  // namespace
}  // namespace wardian::sandbox
