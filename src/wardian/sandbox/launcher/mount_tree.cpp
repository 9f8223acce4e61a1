#include "wardian/sandbox/launcher/mount_tree.h"

#include <sys/mount.h>
#include <sys/stat.h>

#include <vector>

#include "wardian/sandbox/launcher/kernel_calls.h"

namespace wardian::sandbox::launcher {
namespace {

// Where the new root is put together. Any folder that exists everywhere will do: what it hides was opened before.
constexpr const char* kStage = "/tmp";
constexpr std::uint64_t kShut = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;

Failure make_parents(const std::string& path) {
  for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1))
    if (::mkdir(path.substr(0, slash).c_str(), 0755) != 0 && errno != EEXIST)
      return failed("cannot make " + path.substr(0, slash));
  return {};
}

Failure make_folder(const std::string& path) {
  WARDIAN_STEP(make_parents(path));
  if (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST) return failed("cannot make " + path);
  return {};
}

Failure make_file(const std::string& path, const std::string& content) {
  WARDIAN_STEP(make_parents(path));
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (fd < 0) return failed("cannot make " + path);
  const bool written = ::write(fd, content.data(), content.size()) == static_cast<ssize_t>(content.size());
  const Failure failure = written ? Failure() : failed("cannot write " + path);
  ::close(fd);
  return failure;
}

struct OpenedBind {
  int tree;
  bool folder;
  const Bind* bind;
};

Failure place(const OpenedBind& opened, const std::string& target) {
  // A bind's flags do not reach the mounts below it unless set recursively.
  const std::uint64_t attributes = opened.bind->device ? MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC : kShut;
  if (set_mount_attributes(opened.tree, "", AT_EMPTY_PATH | AT_RECURSIVE, attributes) != 0)
    return failed("cannot make read-only: " + opened.bind->source);
  WARDIAN_STEP(opened.folder ? make_folder(target) : make_file(target, ""));
  if (move_mount(opened.tree, target.c_str()) != 0) return failed("cannot show " + opened.bind->source);
  ::close(opened.tree);
  return {};
}

}  // namespace

Failure enter_mount_tree(const LaunchPlan& plan) {
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return failed("cannot make mounts private");
  std::vector<OpenedBind> opened;
  for (const Bind& bind : plan.binds) {
    struct stat status {};
    if (::stat(bind.source.c_str(), &status) != 0) return failed("cannot see " + bind.source);
    const int tree = open_tree(bind.source.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
    if (tree < 0) return failed("cannot bind " + bind.source);
    opened.push_back({tree, S_ISDIR(status.st_mode), &bind});
  }
  int host_proc = -1;
  if (plan.proc) {
    host_proc = open_tree("/proc", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
    if (host_proc < 0) return failed("cannot bind /proc");
  }
  if (::mount("wardian", kStage, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=4m,nr_inodes=4096") != 0)
    return failed("cannot mount the root");
  const std::string stage = kStage;
  for (const OpenedBind& bind : opened) WARDIAN_STEP(place(bind, stage + bind.bind->target));
  for (const SymbolicLink& link : plan.links) {
    WARDIAN_STEP(make_parents(stage + link.path));
    if (::symlink(link.points_to.c_str(), (stage + link.path).c_str()) != 0 && errno != EEXIST)
      return failed("cannot link " + link.path);
  }
  for (const TextFile& file : plan.files) WARDIAN_STEP(make_file(stage + file.path, file.content));
  WARDIAN_STEP(make_folder(stage + "/proc"));
  WARDIAN_STEP(make_folder(stage + plan.scratch));
  if (plan.proc) {
    if (move_mount(host_proc, (stage + "/proc").c_str()) != 0) return failed("cannot keep /proc");
    ::close(host_proc);
  }
  if (::chdir(kStage) != 0) return failed("cannot enter the root");
  if (pivot_root(".", ".") != 0) return failed("cannot change the root");
  if (::umount2(".", MNT_DETACH) != 0) return failed("cannot let go of the old root");
  if (::chdir("/") != 0) return failed("cannot enter the root");
  if (set_mount_attributes(AT_FDCWD, "/", 0, kShut) != 0) return failed("cannot make the root read-only");
  return {};
}

Failure mount_own_proc() {
  if (::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, "hidepid=2") != 0) return failed("cannot mount /proc");
  return {};
}

}  // namespace wardian::sandbox::launcher
