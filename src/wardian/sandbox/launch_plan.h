#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wardian::sandbox {

/// A file or folder of the host shown inside. `device`: a device node, so `nodev` stays off.
struct Bind {
  std::string source;
  std::string target;
  bool device = false;
  bool operator==(const Bind&) const = default;
};
struct SymbolicLink {
  std::string path;
  std::string points_to;
  bool operator==(const SymbolicLink&) const = default;
};
struct TextFile {
  std::string path;
  std::string content;
  bool operator==(const TextFile&) const = default;
};

/// Where version 2 made the engine move to, because a folder with processes may not have controllers below it.
struct CgroupLeaf {
  std::string home;  // where it was, and where the controllers are on now
  std::string leaf;  // empty: it did not move
  bool operator==(const CgroupLeaf&) const = default;
};

/// Whose ids the zygote and its children carry.
enum class IdMapping : std::uint32_t {
  none = 0,   // no user namespace
  self = 1,   // a user namespace with one id, the caller's
  range = 2,  // a user namespace with a range of host ids, mapped by the privileged launcher
};

/// The zygote's id inside a user namespace; slots follow at +1, +2, ... when a range is mapped.
inline constexpr std::uint32_t kInnerId = 1000;

/// All that the launcher is told. It crosses as NUL-terminated fields, because a path may hold any other byte.
/// Standard library only: the static launcher shares this file.
struct LaunchPlan {
  IdMapping ids = IdMapping::none;
  std::uint32_t host_id_first = 0;  // range: first host id; else: the uid to take, 0 to stay
  std::uint32_t host_id_count = 0;
  bool mount_namespace = false;
  bool pid_namespace = false;
  bool network_namespace = false;
  bool ipc_namespace = false;
  bool uts_namespace = false;
  bool proc = false;          // a fresh /proc for the zygote, and one for each child over it
  bool memory_mount = false;  // one for frames, and for the zygote's heap
  std::string scratch;        // the folder that each child mounts its own memory over
  std::vector<Bind> binds;
  std::vector<SymbolicLink> links;
  std::vector<TextFile> files;
  std::string executable;
  std::vector<std::string> arguments;
  std::vector<std::string> environment;
  std::vector<std::string> cgroups;        // folders to kill and remove at the end
  CgroupLeaf cgroup_leaf;                  // to be given up after them
  std::vector<std::string> cleanup_paths;  // trees to remove at the end
  std::string record;                      // file that says this for the next start, removed last

  bool operator==(const LaunchPlan&) const = default;
};

std::string encode(const LaunchPlan& plan);
/// nullopt when the text is no plan.
std::optional<LaunchPlan> decode(std::string_view text);

// Descriptors and words between supervisor and launcher.
inline constexpr int kLauncherControlFd = 3;
inline constexpr int kLauncherPlanFd = 4;
inline constexpr int kLauncherZygoteFd = 5;  // becomes the zygote's fd 3
inline constexpr int kLauncherConfigFd = 6;  // becomes the zygote's fd 4
inline constexpr int kZygoteControlFd = 3;
inline constexpr int kZygoteConfigFd = 4;
inline constexpr int kZygoteHeapFd = 5;                     // an empty file in large pages; closed where there is none
inline constexpr std::string_view kSayStarted = "started";  // launcher: the zygote's program runs
inline constexpr std::string_view kSayFailed = "failed ";   // launcher: and why
inline constexpr std::string_view kSayMemory = "memory";    // launcher, with a descriptor: the mount to keep frames in
inline constexpr std::string_view kSayKeep = "keep";  // supervisor: leave groups and files alone, another launcher takes over

}  // namespace wardian::sandbox
