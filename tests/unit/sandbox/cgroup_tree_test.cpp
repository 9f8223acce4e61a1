// Control groups on a made-up kernel: version 2 with delegation, which the machines of our tests seldom have, included.
#include "wardian/sandbox/cgroup_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <set>

#include "wardian/sandbox/cgroup_leaf.h"

namespace wardian::sandbox {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// The rules of the kernel that our logic leans on; all else is a map of texts.
class MadeUpTree : public CgroupFiles {
 public:
  std::map<std::string, std::string> files;
  std::set<std::string> folders;
  std::set<std::string> unwritable;  // folders without permission
  std::string v2;                    // where version 2 is mounted; empty: nowhere
  std::string v2_real_root;          // free of the rule about inner processes

  void add_v2(const std::string& folder, const std::string& controllers) {
    folders.insert(folder);
    files[folder + "/cgroup.controllers"] = controllers + "\n";
    files[folder + "/cgroup.subtree_control"] = "\n";
    files[folder + "/cgroup.procs"] = "";
    for (const char* name :
         {"memory.max", "memory.swap.max", "memory.oom.group", "pids.max", "cpu.max", "cpu.weight", "cgroup.kill"})
      files[folder + "/" + name] = "";
    if (folder != v2_real_root) files[folder + "/cgroup.type"] = "domain\n";
  }
  void add_v1(const std::string& folder) {
    folders.insert(folder);
    for (const char* name : {"cgroup.procs", "memory.limit_in_bytes", "memory.swappiness", "pids.max", "cpu.cfs_period_us",
                             "cpu.cfs_quota_us", "cpu.shares"})
      files[folder + "/" + name] = "";
  }

  std::optional<std::string> read(const std::string& path) override {
    const auto found = files.find(path);
    return found == files.end() ? std::nullopt : std::optional(found->second);
  }
  int write(const std::string& path, std::string_view text) override {
    const std::string folder = path.substr(0, path.rfind('/'));
    const std::string name = path.substr(path.rfind('/') + 1);
    if (!files.contains(path)) return ENOENT;
    if (unwritable.contains(folder)) return EACCES;
    if (name == "cgroup.subtree_control") {
      const std::string controller(text.substr(1));
      if (text.front() == '-') {
        for (const auto& [other, on] : files)
          if (other.starts_with(folder + "/") && other.ends_with("/cgroup.subtree_control") && other != path &&
              on.find(controller) != std::string::npos)
            return EBUSY;
        std::string& on = files[path];
        if (const std::size_t place = on.find(controller); place != std::string::npos) on.erase(place, controller.size());
        if (on.find_first_not_of(" \n") == std::string::npos) on = "\n";
        return 0;
      }
      if (folder != v2_real_root && !files[folder + "/cgroup.procs"].empty()) return EBUSY;
      if (files[folder + "/cgroup.controllers"].find(controller) == std::string::npos) return ENOENT;
      std::string& on = files[path];
      if (on.find(controller) == std::string::npos) on.insert(on.size() - 1, (on.size() > 1 ? " " : "") + controller);
      return 0;
    }
    if (name == "cgroup.procs") {
      // Not to a folder whose children have controllers.
      if (folder != v2_real_root && files.contains(folder + "/cgroup.subtree_control") &&
          files[folder + "/cgroup.subtree_control"].find_first_not_of(" \n") != std::string::npos)
        return EBUSY;
      const std::string line = std::string(text) + "\n";
      for (auto& [other, members] : files)
        if (other.ends_with("/cgroup.procs") && same_hierarchy(other, path))
          if (const std::size_t place = members.find(line); place != std::string::npos) members.erase(place, line.size());
      files[path] += line;
      return 0;
    }
    files[path] = text;
    return 0;
  }
  int make_folder(const std::string& path) override {
    const std::string parent = path.substr(0, path.rfind('/'));
    if (!folders.contains(parent)) return ENOENT;
    if (unwritable.contains(parent)) return EACCES;
    if (folders.contains(path)) return EEXIST;
    if (!v2.empty() && path.starts_with(v2)) {
      std::string controllers = files[parent + "/cgroup.subtree_control"];
      while (!controllers.empty() && controllers.back() == '\n') controllers.pop_back();
      add_v2(path, controllers);
    } else {
      add_v1(path);
    }
    return 0;
  }
  int remove_folder(const std::string& path) override {
    if (!folders.contains(path)) return ENOENT;
    if (!files[path + "/cgroup.procs"].empty()) return EBUSY;
    folders.erase(path);
    std::erase_if(files, [&](const auto& file) { return file.first.starts_with(path + "/"); });
    return 0;
  }
  bool writable(const std::string& path) override {
    if (folders.contains(path)) return !unwritable.contains(path);
    return files.contains(path) && !unwritable.contains(path.substr(0, path.rfind('/')));
  }
  bool folder_exists(const std::string& path) override { return folders.contains(path); }

 private:
  static bool same_hierarchy(const std::string& a, const std::string& b) {
    return a.substr(0, a.find('/', 4)) == b.substr(0, b.find('/', 4));
  }
};

constexpr const char* kV2Mount = "30 23 0:26 / /cg2 rw,nosuid shared:9 - cgroup2 cgroup2 rw\n";

TEST(CgroupPlaces, AreFoundOnEachKindOfMachine) {
  const struct {
    const char* what;
    const char* mountinfo;
    const char* self;
    const char* kind;
    const char* memory;
    const char* unified;
  } cases[] = {
      {"version 2 at the root", kV2Mount, "0::/\n", "v2", "", "/cg2"},
      {"version 2 in a user's slice", kV2Mount, "0::/user.slice/u.service\n", "v2", "", "/cg2/user.slice/u.service"},
      {"version 1, joint controllers",
       "31 2 0:27 / /cg1/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n32 2 0:28 / /cg1/memory rw - cgroup cgroup rw,memory\n"
       "33 2 0:29 / /cg1/pids rw - cgroup cgroup rw,pids\n",
       "4:memory:/a\n3:pids:/\n2:cpu,cpuacct:/\n", "v1", "/cg1/memory/a", ""},
      {"a container that sees its own part", "32 2 0:28 /docker/abc /cg1/memory ro - cgroup cgroup rw,memory\n",
       "4:memory:/docker/abc\n", "v1", "/cg1/memory", ""},
      {"hybrid", "32 2 0:28 / /cg1/memory rw - cgroup cgroup rw,memory\n40 2 0:38 / /cg0 rw - cgroup2 cgroup2 rw\n",
       "4:memory:/a\n0::/\n", "hybrid", "/cg1/memory/a", "/cg0"},
      {"nothing", "1 2 0:1 / /proc rw - proc proc rw\n", "", "none", "", ""},
  };
  for (const auto& one : cases) {
    MadeUpTree tree;
    tree.v2 = tree.v2_real_root = "/cg2";
    tree.add_v2("/cg2", "cpuset cpu io memory pids");
    tree.add_v2("/cg2/user.slice/u.service", "cpu memory pids");
    tree.folders = {"/cg2", "/cg2/user.slice/u.service", "/cg1/memory", "/cg1/memory/a", "/cg1/pids", "/cg1/cpu,cpuacct", "/cg0"};
    tree.files["/cg0/cgroup.controllers"] = "\n";
    const CgroupPlaces places = find_cgroup_places(tree, one.mountinfo, one.self);
    EXPECT_EQ(places.kind(), one.kind) << one.what;
    EXPECT_EQ(places.memory, one.memory) << one.what;
    EXPECT_EQ(places.unified, one.unified) << one.what;
  }
}

TEST(CgroupTree, Version2DelegatedMovesTheEngineToALeaf) {
  MadeUpTree tree;
  tree.v2 = tree.v2_real_root = "/cg2";
  tree.add_v2("/cg2", "cpu memory pids");
  tree.add_v2("/cg2/own", "cpu memory pids");
  tree.files["/cg2/own/cgroup.procs"] = "42\n";
  const CgroupPlaces places = find_cgroup_places(tree, kV2Mount, "0::/own\n");
  ASSERT_TRUE(CgroupTree::trial(tree, places, "wardian-42-7", 42, 4).ok());
  EXPECT_EQ(tree.files["/cg2/own/cgroup.procs"], "42\n");  // looking moved nobody
  EXPECT_THAT(tree.folders, ElementsAre("/cg2", "/cg2/own"));
  auto made = CgroupTree::make(tree, places, "wardian-42-0", 42, 4);
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_EQ(tree.files["/cg2/own/cgroup.procs"], "");
  EXPECT_EQ(tree.files["/cg2/own/wardian-engine-42/cgroup.procs"], "42\n");
  EXPECT_THAT(made->folders(), ElementsAre("/cg2/own/wardian-42-0"));
  EXPECT_EQ(tree.files["/cg2/own/wardian-42-0/cpu.weight"], "400");

  Policy policy;
  policy.memory_bytes_max = 100 << 20;
  policy.tasks_max = 9;
  policy.cpu_percent_max = 25;
  auto slot = made->make_slot("slot-1", policy, 4);
  ASSERT_TRUE(slot.ok()) << slot.error().message;
  const std::string folder = "/cg2/own/wardian-42-0/slot-1";
  EXPECT_EQ(tree.files[folder + "/memory.max"], "104857600");
  EXPECT_EQ(tree.files[folder + "/memory.swap.max"], "0");
  EXPECT_EQ(tree.files[folder + "/memory.oom.group"], "1");
  EXPECT_EQ(tree.files[folder + "/pids.max"], "9");
  EXPECT_EQ(tree.files[folder + "/cpu.max"], "100000 100000");  // a quarter of four cores

  ASSERT_TRUE(slot->add(77).ok());
  EXPECT_EQ(tree.files[folder + "/cgroup.procs"], "77\n");
  tree.files[folder + "/memory.peak"] = "5000\n";
  tree.files[folder + "/memory.events"] = "low 0\noom 2\noom_kill 1\noom_group_kill 0\n";
  tree.files[folder + "/cpu.stat"] = "usage_usec 1234\nuser_usec 1000\n";
  const CgroupReading reading = slot->reading();
  EXPECT_EQ(reading.memory_bytes_peak, 5000U);
  EXPECT_EQ(reading.oom_kills, 1U);
  EXPECT_EQ(reading.cpu_time.count(), 1234);
  slot->kill_all();
  EXPECT_EQ(tree.files[folder + "/cgroup.kill"], "1");
  EXPECT_FALSE(slot->remove());  // a member still dies
  tree.files[folder + "/cgroup.procs"] = "";
  EXPECT_TRUE(slot->remove());
  EXPECT_THAT(tree.folders, Not(Contains(folder)));

  // A second pool finds the engine in its leaf, and makes its groups beside the first one's, not below.
  auto second = CgroupTree::make(tree, find_cgroup_places(tree, kV2Mount, "0::/own/wardian-engine-42\n"), "wardian-42-1", 42, 4);
  ASSERT_TRUE(second.ok()) << second.error().message;
  EXPECT_THAT(second->folders(), ElementsAre("/cg2/own/wardian-42-1"));
  tree.remove_folder("/cg2/own/wardian-42-0");
  leave_leaf(tree, made->leaf(), 42);  // the second still needs it
  EXPECT_EQ(tree.files["/cg2/own/wardian-engine-42/cgroup.procs"], "42\n");
  tree.remove_folder("/cg2/own/wardian-42-1");
  leave_leaf(tree, second->leaf(), 42);
  EXPECT_EQ(tree.files["/cg2/own/cgroup.procs"], "42\n");
  EXPECT_THAT(tree.folders, ElementsAre("/cg2", "/cg2/own"));
}

// Internal processes: cgroups(7), "no internal processes" rule.
TEST(CgroupTree, Version2LeavesStrangersWhereTheyAre) {
  const struct {
    const char* what;
    const char* folder;             // of the engine, which is 42
    std::set<std::string> own;      // folders that this user may write to
    std::set<std::string> with_on;  // folders with controllers on for their children
    const char* parent;             // where the groups go; empty: nowhere
  } cases[] = {
      {"a shell's own scope in a user's slice",
       "/user/app/shell",
       {"/user/app", "/user/app/shell"},
       {"/user", "/user/app"},
       "/user/app"},
      {"a session of a login", "/user/app/shell", {}, {"/user", "/user/app"}, ""},
      {"delegated, but shared with a stranger", "/user/app/shell", {"/user/app/shell"}, {"/user", "/user/app"}, ""},
      {"root, shared with a stranger", "/user/app/shell", {"", "/user", "/user/app", "/user/app/shell"}, {""}, ""},
  };
  for (const auto& one : cases) {
    MadeUpTree tree;
    tree.v2 = tree.v2_real_root = "/cg2";
    for (const char* folder : {"", "/user", "/user/app", "/user/app/shell"}) {
      tree.add_v2(std::string("/cg2") + folder, "cpu memory pids");
      if (one.with_on.contains(folder))
        tree.files[std::string("/cg2") + folder + "/cgroup.subtree_control"] = "cpu memory pids\n";
      if (!one.own.contains(folder)) tree.unwritable.insert(std::string("/cg2") + folder);
    }
    const std::string procs = std::string("/cg2") + one.folder + "/cgroup.procs";
    tree.files[procs] = "41\n42\n";
    const auto made =
        CgroupTree::make(tree, find_cgroup_places(tree, kV2Mount, "0::" + std::string(one.folder) + "\n"), "wardian-42-0", 42, 4);
    EXPECT_EQ(tree.files[procs], "41\n42\n") << one.what;
    const bool at_root = one.own.contains("");
    EXPECT_EQ(made.ok(), at_root || *one.parent != '\0') << one.what;
    if (made.ok()) {
      EXPECT_THAT(made->folders(), ElementsAre(std::string("/cg2") + one.parent + "/wardian-42-0")) << one.what;
    } else {
      EXPECT_EQ(made.error().code, ErrorCode::sandbox_unavailable) << one.what;
      EXPECT_THAT(made.error().message, HasSubstr("Delegate=yes")) << one.what;
    }
  }
}

TEST(CgroupTree, KillsWithoutAKillFile) {
  MadeUpTree tree;
  tree.v2 = tree.v2_real_root = "/cg2";
  tree.add_v2("/cg2", "cpu memory pids");
  auto made = CgroupTree::make(tree, find_cgroup_places(tree, kV2Mount, "0::/\n"), "wardian-42-0", 42, 4);
  ASSERT_TRUE(made.ok());
  auto slot = made->make_slot("slot-1", Policy(), 2);
  ASSERT_TRUE(slot.ok());
  const std::string folder = "/cg2/wardian-42-0/slot-1";
  tree.files.erase(folder + "/cgroup.kill");  // before Linux 5.14
  tree.files[folder + "/cgroup.freeze"] = "0";
  const pid_t member = ::fork();
  if (member == 0) {
    ::pause();
    ::_exit(0);
  }
  tree.files[folder + "/cgroup.procs"] = std::to_string(member) + "\n";
  slot->kill_all();
  int status = 0;
  ASSERT_EQ(::waitpid(member, &status, 0), member);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  EXPECT_EQ(tree.files[folder + "/cgroup.freeze"], "0");  // thawed again
}

TEST(CgroupTree, Version2AtTheRealRootMovesNobody) {
  MadeUpTree tree;
  tree.v2 = tree.v2_real_root = "/cg2";
  tree.add_v2("/cg2", "cpu memory pids");
  tree.files["/cg2/cgroup.procs"] = "1\n42\n";
  auto made = CgroupTree::make(tree, find_cgroup_places(tree, kV2Mount, "0::/\n"), "wardian-42-0", 42, 4);
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_EQ(tree.files["/cg2/cgroup.procs"], "1\n42\n");
  EXPECT_TRUE(made->make_slot("slot-1", Policy(), 2).ok());
}

TEST(CgroupTree, Version2WithoutDelegationSaysSo) {
  MadeUpTree tree;
  tree.v2 = tree.v2_real_root = "/cg2";
  tree.add_v2("/cg2", "cpu memory pids");
  tree.add_v2("/cg2/own", "cpu memory pids");
  tree.unwritable = {"/cg2", "/cg2/own"};
  const auto made = CgroupTree::make(tree, find_cgroup_places(tree, kV2Mount, "0::/own\n"), "wardian-42-0", 42, 4);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, ErrorCode::sandbox_unavailable);
  EXPECT_THAT(made.error().message, HasSubstr("Delegate=yes"));
}

TEST(CgroupTree, Version1AndHybrid) {
  MadeUpTree tree;
  for (const char* folder : {"/cgm", "/cgp", "/cgc"}) tree.add_v1(folder);
  tree.folders.insert("/cg0");
  tree.v2 = "/cg0";
  tree.add_v2("/cg0", "");
  CgroupPlaces places;
  places.memory = "/cgm";
  places.pids = "/cgp";
  places.cpu = "/cgc";
  places.unified = "/cg0";
  auto made = CgroupTree::make(tree, places, "wardian-1-0", 1, 4);
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_EQ(tree.files["/cgc/wardian-1-0/cpu.shares"], "4096");
  EXPECT_EQ(made->folders().size(), 4U);
  Policy policy;
  policy.memory_bytes_max = 64 << 20;
  policy.cpu_percent_max = 100;
  auto slot = made->make_slot("slot-1", policy, 2);
  ASSERT_TRUE(slot.ok());
  EXPECT_EQ(tree.files["/cgm/wardian-1-0/slot-1/memory.limit_in_bytes"], "67108864");
  EXPECT_EQ(tree.files["/cgc/wardian-1-0/slot-1/cpu.cfs_quota_us"], "");  // all cores: no throttle
  ASSERT_TRUE(slot->add(5).ok());
  for (const char* root : {"/cgm", "/cgp", "/cgc", "/cg0"})
    EXPECT_EQ(tree.files[std::string(root) + "/wardian-1-0/slot-1/cgroup.procs"], "5\n");
  tree.files["/cgm/wardian-1-0/slot-1/memory.oom_control"] = "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n";
  tree.files["/cgm/wardian-1-0/slot-1/memory.max_usage_in_bytes"] = "777\n";
  EXPECT_EQ(slot->reading().oom_kills, 3U);
  EXPECT_EQ(slot->reading().memory_bytes_peak, 777U);
}

TEST(CgroupTree, AGroupIsRenewedOnlyWhenNothingOfTheLastChildIsLeft) {
  MadeUpTree tree;
  for (const char* folder : {"/cgm", "/cgp", "/cgc"}) tree.add_v1(folder);
  CgroupPlaces places;
  places.memory = "/cgm";
  places.pids = "/cgp";
  places.cpu = "/cgc";
  auto made = CgroupTree::make(tree, places, "wardian-1-0", 1, 4);
  ASSERT_TRUE(made.ok()) << made.error().message;
  auto slot = made->make_slot("slot-1", Policy(), 2);
  ASSERT_TRUE(slot.ok());
  const std::string memory = "/cgm/wardian-1-0/slot-1/memory.";
  std::string& members = tree.files["/cgp/wardian-1-0/slot-1/pids.current"] = "0\n";
  std::string& held = tree.files[memory + "usage_in_bytes"] = "4096\n";
  std::string& peak = tree.files[memory + "max_usage_in_bytes"] = "777777\n";
  std::string& kills = tree.files[memory + "oom_control"] = "oom_kill_disable 0\nunder_oom 0\noom_kill 0\n";
  EXPECT_TRUE(slot->renew());
  EXPECT_EQ(peak, "0");
  const std::pair<std::string*, std::string> obstacles[] = {
      {&members, "1\n"}, {&held, "40000000\n"}, {&kills, "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n"}};
  for (const auto& [file, text] : obstacles) {
    const std::string before = std::exchange(*file, text);
    EXPECT_FALSE(slot->renew()) << text;
    *file = before;
  }
  EXPECT_TRUE(slot->renew());
  tree.unwritable.insert("/cgm/wardian-1-0/slot-1");
  EXPECT_FALSE(slot->renew());
}

TEST(CgroupTree, AMissingControllerLeavesNothingBehind) {
  MadeUpTree tree;
  tree.add_v1("/cgm");
  tree.add_v1("/cgp");
  tree.add_v1("/cgc");
  tree.unwritable = {"/cgc"};
  CgroupPlaces places;
  places.memory = "/cgm";
  places.pids = "/cgp";
  places.cpu = "/cgc";
  EXPECT_FALSE(CgroupTree::make(tree, places, "wardian-1-0", 1, 4).ok());
  EXPECT_THAT(tree.folders, ElementsAre("/cgc", "/cgm", "/cgp"));
}

}  // namespace
}  // namespace wardian::sandbox
