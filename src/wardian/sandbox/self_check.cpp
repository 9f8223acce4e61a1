#include "wardian/sandbox/self_check.h"

#include <array>
#include <utility>

namespace wardian::sandbox {
namespace {

constexpr auto kNames = std::to_array<std::pair<std::uint32_t, std::string_view>>({
    {kWallSeccomp, "seccomp"},
    {kWallNoNewPrivileges, "no_new_privs"},
    {kWallNoCapabilities, "no capabilities"},
    {kWallUndumpable, "undumpable"},
    {kWallDescriptors, "descriptors 0-3 only"},
    {kWallHostFiles, "host files unreadable"},
    {kWallSystemCalls, "system calls refused"},
    {kWallPidNamespace, "own pid namespace"},
    {kWallLandlock, "Landlock"},
});

}  // namespace

std::string missing_walls(std::uint32_t expected, std::uint32_t reported) {
  std::string names;
  for (const auto& [bit, name] : kNames) {
    if ((expected & bit) == 0 || (reported & bit) != 0) continue;
    if (!names.empty()) names += ", ";
    names += name;
  }
  return names;
}

std::uint32_t expected_walls(const LaunchPlan& plan, int landlock_abi) {
  std::uint32_t walls = kWallSeccomp | kWallNoNewPrivileges | kWallNoCapabilities | kWallUndumpable | kWallDescriptors |
                        kWallHostFiles | kWallSystemCalls;
  if (plan.pid_namespace) walls |= kWallPidNamespace;
  if (landlock_abi > 0) walls |= kWallLandlock;
  return walls;
}

}  // namespace wardian::sandbox
