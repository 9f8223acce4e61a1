#include "wardian/sandbox/cgroup_tree.h"

#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <map>

#include "wardian/base/split.h"
#include "wardian/process/system_error.h"
#include "wardian/sandbox/cgroup_leaf.h"
#include "wardian/sandbox/unified_parent.h"

namespace wardian::sandbox {
namespace {

bool contains(const std::vector<std::string_view>& parts, std::string_view part) {
  for (const std::string_view one : parts)
    if (one == part) return true;
  return false;
}

struct CgroupMount {
  std::string root;   // which part of the hierarchy is mounted
  std::string point;  // where
};

/// Our folder under a mount: the path of /proc/self/cgroup seen from the mount's root. Inside a container the path may lie
/// outside what is mounted; then the mount point itself is all that we can have.
std::string own_folder(CgroupFiles& files, const CgroupMount& mount, std::string_view path) {
  if (mount.root != "/" && path.starts_with(mount.root)) path.remove_prefix(mount.root.size());
  std::string folder = mount.point;
  if (path != "/") folder += std::string(path);
  return files.folder_exists(folder) ? folder : mount.point;
}

/// The number after `key` in a file of "key number" lines; the whole file when `key` is empty.
std::uint64_t number_in(CgroupFiles& files, const std::string& path, std::string_view key) {
  const std::optional<std::string> text = files.read(path);
  if (!text) return 0;
  for (std::string_view line : split(*text, '\n')) {
    if (!key.empty()) {
      if (!line.starts_with(key) || line.size() <= key.size() || line[key.size()] != ' ') continue;
      line.remove_prefix(key.size() + 1);
    }
    std::uint64_t value = 0;
    std::from_chars(line.data(), line.data() + line.size(), value);
    return value;
  }
  return 0;
}

/// Ends the members of a group one by one, frozen meanwhile: they can then neither fork nor end, so the numbers read are still theirs
/// when the signal goes out. Again until a look finds nobody new.
void kill_frozen(CgroupFiles& files, const std::string& folder, const char* switch_file, const char* freeze, const char* thaw) {
  constexpr int kLooksMax = 8;
  files.write(folder + "/" + switch_file, freeze);
  std::string before;
  for (int looks = 0; looks < kLooksMax; ++looks) {
    const std::string members = files.read(folder + "/cgroup.procs").value_or("");
    if (members == before) break;
    before = members;
    for (const std::string_view member : split(members, '\n')) {
      pid_t pid = 0;
      std::from_chars(member.data(), member.data() + member.size(), pid);
      if (pid > 1) ::kill(pid, SIGKILL);
    }
  }
  files.write(folder + "/" + switch_file, thaw);
}

}  // namespace

std::string CgroupPlaces::kind() const {
  const bool v1 = !memory.empty() || !pids.empty() || !cpu.empty();
  if (unified_controllers) return "v2";
  if (v1) return unified.empty() ? "v1" : "hybrid";
  return "none";
}

CgroupPlaces find_cgroup_places(CgroupFiles& files, std::string_view mountinfo, std::string_view self_cgroup) {
  std::map<std::string, CgroupMount, std::less<>> mounts;  // by controller; "" is version 2
  for (const std::string_view line : split(mountinfo, '\n')) {
    const std::size_t dash = line.find(" - ");
    if (dash == std::string_view::npos) continue;
    const auto before = split(line.substr(0, dash), ' ');
    const auto after = split(line.substr(dash + 3), ' ');
    if (before.size() < 5 || after.size() < 3) continue;
    const CgroupMount mount{std::string(before[3]), std::string(before[4])};
    if (after[0] == "cgroup2") mounts.emplace("", mount);
    if (after[0] != "cgroup") continue;
    for (const std::string_view option : split(after[2], ',')) mounts.emplace(std::string(option), mount);
  }
  CgroupPlaces places;
  for (const std::string_view line : split(self_cgroup, '\n')) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string_view::npos ? first : line.find(':', first + 1);
    if (second == std::string_view::npos) continue;
    const std::string_view path = line.substr(second + 1);
    const auto controllers = split(line.substr(first + 1, second - first - 1), ',');
    if (contains(controllers, "")) {
      if (const auto mount = mounts.find(""); mount != mounts.end()) {
        places.unified = own_folder(files, mount->second, path);
        places.unified_mount = mount->second.point;
        places.unified_real_root = mount->second.root == "/" && !files.read(places.unified_mount + "/cgroup.type").has_value();
      }
      continue;
    }
    const std::pair<std::string_view, std::string*> wanted[] = {
        {"memory", &places.memory}, {"pids", &places.pids}, {"cpu", &places.cpu}, {"freezer", &places.freezer}};
    for (const auto& [name, place] : wanted)
      if (contains(controllers, name))
        if (const auto mount = mounts.find(name); mount != mounts.end()) *place = own_folder(files, mount->second, path);
  }
  if (!places.unified.empty()) {
    const std::optional<std::string> text = files.read(places.unified_mount + "/cgroup.controllers");
    if (text) {
      std::string_view line = *text;
      while (!line.empty() && line.back() == '\n') line.remove_suffix(1);
      const auto offered = split(line, ' ');
      places.unified_controllers = contains(offered, "memory") && contains(offered, "pids") && contains(offered, "cpu");
    }
  }
  return places;
}

Result<CgroupTree> CgroupTree::make(CgroupFiles& files, const CgroupPlaces& places, const std::string& name, pid_t pid,
                                    unsigned cores) {
  CgroupTree tree;
  tree.files_ = &files;
  tree.unified_controllers_ = places.unified_controllers;
  const auto remove_all = [&] {
    for (const std::string& folder : tree.folders_) files.remove_folder(folder);
  };
  const auto make_in = [&](const std::string& parent, std::string& place) -> int {
    if (parent.empty()) return 0;
    const std::string folder = parent + "/" + name;
    if (const int number = files.make_folder(folder); number != 0 && number != EEXIST) return number;
    place = folder;
    tree.folders_.push_back(folder);
    return 0;
  };
  if (places.unified_controllers) {
    WARDIAN_ASSIGN(const UnifiedParent parent, find_unified_parent(files, places, pid));
    WARDIAN_TRY(take_unified_parent(files, parent, pid));
    tree.leaf_ = parent.leaf;
    int number = make_in(parent.folder, tree.unified_);
    if (number == 0) number = enable_controllers(files, tree.unified_);
    if (number != 0) {
      remove_all();
      leave_leaf(files, parent.leaf, pid);
      return process::system_error(ErrorCode::sandbox_unavailable, "cannot make a control group in " + parent.folder, number);
    }
    (void)files.write(tree.unified_ + "/cpu.weight", std::to_string(std::min(10'000U, 100 * cores)));
    return tree;
  }
  if (places.memory.empty() || places.pids.empty() || places.cpu.empty())
    return Error{ErrorCode::sandbox_unavailable, "no control group has the memory, pids and cpu controllers", {}, {}};
  // Version 2, even without controllers, kills or freezes a whole group at one stroke; only where it is absent is the old freezer needed.
  const std::string freezer = places.unified.empty() ? places.freezer : std::string();
  const std::pair<const std::string&, std::string&> wanted[] = {
      {places.memory, tree.memory_}, {places.pids, tree.pids_}, {places.cpu, tree.cpu_}, {freezer, tree.freezer_}};
  for (const auto& [parent, place] : wanted)
    if (const int number = make_in(parent, place); number != 0) {
      remove_all();
      return process::system_error(ErrorCode::sandbox_unavailable, "cannot make a control group in " + parent, number);
    }
  (void)make_in(places.unified, tree.unified_);
  (void)files.write(tree.cpu_ + "/cpu.shares", std::to_string(1024 * cores));
  return tree;
}

Status CgroupTree::trial(CgroupFiles& files, const CgroupPlaces& places, const std::string& name, pid_t pid, unsigned cores) {
  if (places.unified_controllers) {
    WARDIAN_ASSIGN(const UnifiedParent parent, find_unified_parent(files, places, pid));
    if (!parent.leaf.leaf.empty()) {
      // All that can be tried before somebody must move.
      const std::string folder = parent.folder + "/" + name;
      if (const int number = files.make_folder(folder); number != 0)
        return process::system_error(ErrorCode::sandbox_unavailable, "cannot make a control group: " + folder, number);
      files.remove_folder(folder);
      return {};
    }
  }
  WARDIAN_ASSIGN(CgroupTree tree, make(files, places, name, pid, cores));
  auto slot = tree.make_slot("trial", Policy(), cores);
  if (slot.ok()) slot->remove();
  for (const std::string& folder : tree.folders()) files.remove_folder(folder);
  if (!slot.ok()) return slot.error();
  return {};
}

Result<CgroupSlot> CgroupTree::make_slot(const std::string& name, const Policy& policy, unsigned cores) {
  CgroupSlot slot;
  slot.files_ = files_;
  slot.unified_controllers_ = unified_controllers_;
  const auto fail = [&](const std::string& what, int number) {
    slot.remove();
    return process::system_error(ErrorCode::sandbox_unavailable, what, number);
  };
  const std::pair<const std::string&, std::string&> places[] = {
      {memory_, slot.memory_}, {pids_, slot.pids_}, {cpu_, slot.cpu_}, {freezer_, slot.freezer_}, {unified_, slot.unified_}};
  for (const auto& [parent, place] : places) {
    if (parent.empty()) continue;
    const std::string folder = parent + "/" + name;
    if (const int number = files_->make_folder(folder); number != 0)
      return fail("cannot make a control group: " + folder, number);
    place = folder;
    slot.folders_.push_back(folder);
  }
  constexpr std::uint64_t kPeriodMicroseconds = 100'000;
  const std::uint64_t quota = kPeriodMicroseconds * cores * policy.cpu_percent_max / 100;
  const bool throttled = policy.cpu_percent_max < 100;
  struct Setting {
    std::string path;
    std::string value;
    bool needed;
  };
  std::vector<Setting> settings;
  const std::string memory = std::to_string(policy.memory_bytes_max);
  const std::string tasks = std::to_string(policy.tasks_max);
  if (unified_controllers_) {
    const std::string& folder = slot.unified_;
    settings = {{folder + "/memory.max", memory, true},
                {folder + "/memory.swap.max", "0", false},  // absent where the kernel has no swap accounting
                {folder + "/memory.oom.group", "1", false},
                {folder + "/pids.max", tasks, true}};
    if (throttled)
      settings.push_back({folder + "/cpu.max", std::to_string(quota) + " " + std::to_string(kPeriodMicroseconds), true});
  } else {
    settings = {{slot.memory_ + "/memory.limit_in_bytes", memory, true},
                {slot.memory_ + "/memory.memsw.limit_in_bytes", memory, false},  // likewise
                {slot.memory_ + "/memory.swappiness", "0", false},
                {slot.pids_ + "/pids.max", tasks, true}};
    if (throttled) {
      settings.push_back({slot.cpu_ + "/cpu.cfs_period_us", std::to_string(kPeriodMicroseconds), true});
      settings.push_back({slot.cpu_ + "/cpu.cfs_quota_us", std::to_string(quota), true});
    }
  }
  for (const Setting& setting : settings)
    if (const int number = files_->write(setting.path, setting.value); number != 0 && setting.needed)
      return fail("cannot set " + setting.path + " to " + setting.value, number);
  return slot;
}

Status CgroupSlot::add(pid_t pid) {
  const std::string number_text = std::to_string(pid);
  for (const std::string& folder : folders_)
    if (const int number = files_->write(folder + "/cgroup.procs", number_text); number != 0)
      return process::system_error(ErrorCode::sandbox_unavailable, "cannot move a process into " + folder, number);
  return {};
}

CgroupReading CgroupSlot::reading() const {
  CgroupReading reading;
  if (files_ == nullptr) return reading;
  if (unified_controllers_) {
    reading.memory_bytes_peak = number_in(*files_, unified_ + "/memory.peak", "");
    reading.oom_kills = number_in(*files_, unified_ + "/memory.events", "oom_kill");
    reading.cpu_time = std::chrono::microseconds(number_in(*files_, unified_ + "/cpu.stat", "usage_usec"));
  } else {
    reading.memory_bytes_peak = number_in(*files_, memory_ + "/memory.max_usage_in_bytes", "");
    reading.oom_kills = number_in(*files_, memory_ + "/memory.oom_control", "oom_kill");
  }
  return reading;
}

void CgroupSlot::kill_all() const {
  if (files_ == nullptr) return;
  if (!unified_.empty() && files_->write(unified_ + "/cgroup.kill", "1") == 0) return;
  if (!freezer_.empty())
    kill_frozen(*files_, freezer_, "freezer.state", "FROZEN", "THAWED");
  else
    kill_frozen(*files_, unified_.empty() ? pids_ : unified_, "cgroup.freeze", "1", "0");
}

bool CgroupSlot::renew() {
  // What the processors have taken ahead of need, and the kernel's own small things that are yet to be given back.
  constexpr std::uint64_t kMemoryBytesIgnored = std::uint64_t{1} << 20;
  if (files_ == nullptr || unified_controllers_) return false;
  const std::optional<std::string> members = files_->read(pids_ + "/pids.current");
  if (!members || *members != "0\n") return false;
  if (number_in(*files_, memory_ + "/memory.usage_in_bytes", "") > kMemoryBytesIgnored || reading().oom_kills > 0) return false;
  return files_->write(memory_ + "/memory.max_usage_in_bytes", "0") == 0;
}

bool CgroupSlot::remove() {
  if (files_ == nullptr) return true;
  std::erase_if(folders_, [&](const std::string& folder) {
    const int number = files_->remove_folder(folder);
    return number == 0 || number == ENOENT;
  });
  if (!folders_.empty()) return false;
  files_ = nullptr;
  return true;
}

}  // namespace wardian::sandbox
