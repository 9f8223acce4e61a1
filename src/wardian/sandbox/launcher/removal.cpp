#include "wardian/sandbox/launcher/removal.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace wardian::sandbox::launcher {
namespace {

/// Folders are open down to this depth; what lies deeper is brought up first, so that no depth costs more descriptors.
constexpr int kDepthMax = 32;

/// One tree that is being taken away.
struct Removal {
  int top = -1;  // its root
  dev_t device = 0;
  unsigned moved = 0;  // folders brought up so far: each gets a name of its own

  /// A script may have left a folder that nobody may read or write; we are its owner, or root.
  static void open_up(int parent, const char* name, mode_t mode) {
    if ((mode & S_IRWXU) != S_IRWXU) ::fchmodat(parent, name, S_IRWXU, 0);
  }

  void remove_entry(int parent, const char* name, int depth) {
    struct stat status {};
    if (::fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) != 0) return;
    if (!S_ISDIR(status.st_mode) || status.st_dev != device) {
      ::unlinkat(parent, name, 0);
      return;
    }
    open_up(parent, name, status.st_mode);
    if (depth >= kDepthMax) {
      const std::string higher = ".wardian-removed-" + std::to_string(moved++);
      if (::renameat(parent, name, top, higher.c_str()) == 0) return;
    }
    const int below = ::openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (below >= 0) {
      remove_contents(below, depth + 1);
      ::close(below);
    }
    ::unlinkat(parent, name, AT_REMOVEDIR);
  }

  void remove_contents(int folder, int depth) {
    if (depth > 2 * kDepthMax) return;
    const int copy = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (copy < 0) return;
    DIR* const entries = ::fdopendir(copy);
    if (entries == nullptr) {
      ::close(copy);
      return;
    }
    while (const dirent* entry = ::readdir(entries))
      if (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0)
        remove_entry(folder, entry->d_name, depth);
    ::closedir(entries);
  }
};

void write_one(const std::string& path, const char* text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  [[maybe_unused]] const ssize_t written = ::write(fd, text, std::strlen(text));
  ::close(fd);
}

void kill_members(const std::string& path) {
  write_one(path + "/cgroup.kill", "1");
  // Version 1 and old kernels have no cgroup.kill. The members cannot fork (seccomp), so their numbers are theirs until they are reaped.
  if (std::FILE* list = std::fopen((path + "/cgroup.procs").c_str(), "re")) {
    int pid = 0;
    while (std::fscanf(list, "%d", &pid) == 1)
      if (pid > 1) ::kill(pid, SIGKILL);
    std::fclose(list);
  }
}

std::vector<std::string> folders_below(const std::string& path) {
  std::vector<std::string> found;
  DIR* const entries = ::opendir(path.c_str());
  if (entries == nullptr) return found;
  while (const dirent* entry = ::readdir(entries))
    if (entry->d_type == DT_DIR && entry->d_name[0] != '.') found.push_back(path + "/" + entry->d_name);
  ::closedir(entries);
  return found;
}

}  // namespace

void remove_tree(const std::string& path) {
  struct stat status {};
  if (path.empty() || path == "/" || ::lstat(path.c_str(), &status) != 0) return;
  if (!S_ISDIR(status.st_mode)) {
    ::unlink(path.c_str());
    return;
  }
  Removal::open_up(AT_FDCWD, path.c_str(), status.st_mode);
  const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder < 0) return;
  Removal removal{folder, status.st_dev};
  unsigned moved_before = 0;
  do {  // what was brought up while the folder was being read may not have been seen
    moved_before = removal.moved;
    removal.remove_contents(folder, 0);
  } while (removal.moved != moved_before);
  ::close(folder);
  ::rmdir(path.c_str());
}

void remove_cgroup(const std::string& path, int wait_ms) {
  for (int waited_ms = 0;; waited_ms += 10) {
    for (const std::string& below : folders_below(path)) remove_cgroup(below, 0);
    if (::rmdir(path.c_str()) == 0 || errno == ENOENT || waited_ms >= wait_ms) return;
    kill_members(path);
    ::usleep(10'000);
  }
}

}  // namespace wardian::sandbox::launcher
