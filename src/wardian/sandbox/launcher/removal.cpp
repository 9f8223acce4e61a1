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
#include <vector>

namespace wardian::sandbox::launcher {
namespace {

constexpr int kDepthMax = 64;

void remove_contents(int folder, dev_t device, int depth) {
  if (depth > kDepthMax) return;
  const int copy = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (copy < 0) return;
  DIR* const entries = ::fdopendir(copy);
  if (entries == nullptr) {
    ::close(copy);
    return;
  }
  while (const dirent* entry = ::readdir(entries)) {
    if (std::strcmp(entry->d_name, ".") == 0 || std::strcmp(entry->d_name, "..") == 0) continue;
    struct stat status {};
    if (::fstatat(folder, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (S_ISDIR(status.st_mode) && status.st_dev == device) {
      const int below = ::openat(folder, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      if (below >= 0) {
        remove_contents(below, device, depth + 1);
        ::close(below);
      }
      ::unlinkat(folder, entry->d_name, AT_REMOVEDIR);
    } else {
      ::unlinkat(folder, entry->d_name, 0);
    }
  }
  ::closedir(entries);
}

void write_one(const std::string& path, const char* text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  [[maybe_unused]] const ssize_t written = ::write(fd, text, std::strlen(text));
  ::close(fd);
}

void kill_members(const std::string& path) {
  write_one(path + "/cgroup.kill", "1");
  // Version 1 has no cgroup.kill. The members cannot fork (seccomp), so their numbers are theirs until they are reaped.
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
  const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder < 0) return;
  remove_contents(folder, status.st_dev, 0);
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
