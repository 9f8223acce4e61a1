#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wardian/base/result.h"
#include "wardian/sandbox/cgroup_files.h"
#include "wardian/sandbox/launch_plan.h"
#include "wardian/sandbox/policy.h"

namespace wardian::sandbox {

/// Where each controller lies for this process. Version 1 has a hierarchy for each, version 2 one for all; a hybrid machine has
/// controllers in version 1 beside a version 2 that can only kill and freeze.
struct CgroupPlaces {
  std::string memory, pids, cpu, freezer;  // version 1: this process's own folder in each hierarchy; empty where absent
  std::string unified;                     // version 2: likewise
  std::string unified_mount;               // the top of what is mounted of version 2
  bool unified_controllers = false;        // memory, pids and cpu are version 2's
  bool unified_real_root = false;          // that top is the real root, which may hold processes and have controllers below it
  std::string kind() const;                // "v1", "v2", "hybrid", "none"
};
/// From the texts of /proc/self/mountinfo and /proc/self/cgroup.
CgroupPlaces find_cgroup_places(CgroupFiles& files, std::string_view mountinfo, std::string_view self_cgroup);

/// What a finished run left in its group's books.
struct CgroupReading {
  std::uint64_t memory_bytes_peak = 0;
  std::uint64_t oom_kills = 0;
  std::chrono::microseconds cpu_time{};
};

/// The group of one child. Gone by `remove`, which may have to be called again until the last member is reaped.
class CgroupSlot {
 public:
  CgroupSlot() = default;
  Status add(pid_t pid);
  CgroupReading reading() const;
  /// All at one stroke where version 2 can; else member by member while they are frozen, so that none can fork away.
  void kill_all() const;
  /// Makes it as good as new for another child. False where it cannot be: somebody is in it, memory is still charged to it (a result
  /// that is yet to be read), the kernel has killed in it, or keeps a peak that nobody may reset.
  bool renew();
  /// True once nothing is left.
  bool remove();
  bool exists() const { return files_ != nullptr; }

 private:
  friend class CgroupTree;
  CgroupFiles* files_ = nullptr;
  std::string memory_, pids_, cpu_, freezer_, unified_;
  bool unified_controllers_ = false;
  std::vector<std::string> folders_;
};

/// One pool's corner of the control groups: a folder in each hierarchy, a child folder for each run.
class CgroupTree {
 public:
  /// Makes the folders. Fails with words when memory, pids or cpu cannot be had for writing.
  /// `name` must be unique on the machine. `pid` is this process, which version 2 may force into a leaf of its own; nobody else moves.
  /// All children together weigh as much as `cores` ordinary processes: without that they would share the weight of one.
  static Result<CgroupTree> make(CgroupFiles& files, const CgroupPlaces& places, const std::string& name, pid_t pid,
                                 unsigned cores);

  /// Whether `make` would succeed, as far as can be told without moving anybody; leaves nothing behind.
  static Status trial(CgroupFiles& files, const CgroupPlaces& places, const std::string& name, pid_t pid, unsigned cores);

  CgroupTree() = default;
  Result<CgroupSlot> make_slot(const std::string& name, const Policy& policy, unsigned cores);
  /// For the launcher, which removes them when we no longer can.
  const std::vector<std::string>& folders() const { return folders_; }
  const CgroupLeaf& leaf() const { return leaf_; }

 private:
  CgroupFiles* files_ = nullptr;
  std::string memory_, pids_, cpu_, freezer_, unified_;
  bool unified_controllers_ = false;
  std::vector<std::string> folders_;
  CgroupLeaf leaf_;
};

}  // namespace wardian::sandbox
