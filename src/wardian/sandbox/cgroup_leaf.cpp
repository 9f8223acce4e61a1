#include "wardian/sandbox/cgroup_leaf.h"

#include <cerrno>

namespace wardian::sandbox {
namespace {

bool lives_in(CgroupFiles& files, const std::string& folder, pid_t pid) {
  const std::string members = "\n" + files.read(folder + "/cgroup.procs").value_or("");
  return members.find("\n" + std::to_string(pid) + "\n") != std::string::npos;
}

}  // namespace

std::string leaf_name(pid_t pid) { return "wardian-engine-" + std::to_string(pid); }

int enter_leaf(CgroupFiles& files, const CgroupLeaf& at, pid_t pid) {
  if (const int number = files.make_folder(at.leaf); number != 0 && number != EEXIST) return number;
  return files.write(at.leaf + "/cgroup.procs", std::to_string(pid));
}

void leave_leaf(CgroupFiles& files, const CgroupLeaf& at, pid_t pid) {
  if (at.leaf.empty() || !files.folder_exists(at.leaf)) return;
  const bool inside = lives_in(files, at.leaf, pid);
  // A folder with controllers below it may have no processes, so they go off first; refused while another engine's groups need them.
  for (const char* controller : {"-memory", "-pids", "-cpu"}) files.write(at.home + "/cgroup.subtree_control", controller);
  if (inside) files.write(at.home + "/cgroup.procs", std::to_string(pid));
  files.remove_folder(at.leaf);
}

}  // namespace wardian::sandbox
