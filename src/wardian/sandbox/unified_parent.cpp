#include "wardian/sandbox/unified_parent.h"

#include <algorithm>
#include <vector>

#include "wardian/process/system_error.h"
#include "wardian/sandbox/cgroup_leaf.h"

namespace wardian::sandbox {
namespace {

constexpr std::string_view kControllers[] = {"memory", "pids", "cpu"};

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> found;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
    if (end > 0) found.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return found;
}

/// Whether `file` of `folder` names all three controllers.
bool names_all(CgroupFiles& files, const std::string& folder, const char* file) {
  const std::string text = files.read(folder + "/" + file).value_or("");
  const auto named = words(text);
  return std::ranges::all_of(kControllers, [&](std::string_view one) { return std::ranges::find(named, one) != named.end(); });
}

bool switched_on(CgroupFiles& files, const std::string& folder) { return names_all(files, folder, "cgroup.subtree_control"); }

/// Groups can be made in it, and processes be moved between what lies below it.
bool may_use(CgroupFiles& files, const std::string& folder) {
  return files.writable(folder) && files.writable(folder + "/cgroup.procs");
}

bool may_switch(CgroupFiles& files, const std::string& folder) {
  return may_use(files, folder) && files.writable(folder + "/cgroup.subtree_control");
}

}  // namespace

int enable_controllers(CgroupFiles& files, const std::string& folder) {
  for (const std::string_view controller : kControllers)
    if (const int number = files.write(folder + "/cgroup.subtree_control", "+" + std::string(controller)); number != 0)
      return number;
  return 0;
}

Result<UnifiedParent> find_unified_parent(CgroupFiles& files, const CgroupPlaces& places, pid_t pid) {
  const std::string& own = places.unified;
  const std::string& top = places.unified_mount;
  const auto is_real_root = [&](const std::string& folder) { return folder == top && places.unified_real_root; };
  if (is_real_root(own) ? may_switch(files, own) : switched_on(files, own) && may_use(files, own)) return UnifiedParent{own, {}};
  // An earlier pool of this process moved it already.
  const std::string parent = own.substr(0, own.rfind('/'));
  if (own == parent + "/" + leaf_name(pid) && switched_on(files, parent) && may_use(files, parent))
    return UnifiedParent{parent, {parent, own}};
  // Delegated to us alone (systemd: Delegate=yes), so that limits of the unit hold for the sandboxes too.
  const bool delegated = names_all(files, own, "cgroup.controllers") && may_switch(files, own);
  const std::string members = files.read(own + "/cgroup.procs").value_or("");
  const bool alone = words(members) == std::vector<std::string_view>{std::to_string(pid)};
  if (delegated && alone) return UnifiedParent{own, {own, own + "/" + leaf_name(pid)}};
  // A folder above that has controllers on holds no processes, so nobody need move: a user's slice, or the root for root.
  for (std::string above = own; above.size() > top.size();) {
    above.resize(above.rfind('/'));
    if (is_real_root(above) ? may_switch(files, above) : switched_on(files, above) && may_use(files, above))
      return UnifiedParent{above, {}};
  }
  if (delegated)
    return Error{ErrorCode::sandbox_unavailable,
                 "other processes live in this control group, so that it can have no controllers below it: " + own +
                     " (start Wardian in one of its own: systemd-run --user --scope -p Delegate=yes)",
                 {},
                 {}};
  return Error{
      ErrorCode::sandbox_unavailable, "the control group is not delegated to this user (systemd: Delegate=yes): " + own, {}, {}};
}

Status take_unified_parent(CgroupFiles& files, const UnifiedParent& parent, pid_t pid) {
  if (!parent.leaf.leaf.empty())
    if (const int number = enter_leaf(files, parent.leaf, pid); number != 0) {
      leave_leaf(files, parent.leaf, pid);
      return process::system_error(ErrorCode::sandbox_unavailable, "cannot move to " + parent.leaf.leaf, number);
    }
  if (switched_on(files, parent.folder)) return {};
  if (const int number = enable_controllers(files, parent.folder); number != 0) {
    leave_leaf(files, parent.leaf, pid);
    return process::system_error(ErrorCode::sandbox_unavailable, "cannot enable controllers in " + parent.folder, number);
  }
  return {};
}

}  // namespace wardian::sandbox
