#include "wardian/process/beneath.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>

namespace wardian::process {
namespace {

// A rename in the path's way while the kernel walks makes it give up: it cannot tell any more what lies beneath.
constexpr int kTriesMax = 32;

/// Component by component, none of which may be a link.
UniqueFd walk(int folder, const std::filesystem::path& path) {
  UniqueFd at(::openat(folder, ".", O_PATH | O_DIRECTORY | O_CLOEXEC));
  for (const std::filesystem::path& part : path) {
    if (part == "." || part.empty() || !at) continue;
    if (part == ".." || part.is_absolute()) {
      errno = EXDEV;
      return {};
    }
    UniqueFd next(::openat(at.get(), part.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    struct stat status {};
    if (next && (::fstat(next.get(), &status) != 0 || S_ISLNK(status.st_mode))) {
      errno = EXDEV;
      return {};
    }
    at = std::move(next);
  }
  return at;
}

}  // namespace

UniqueFd open_beneath(int folder, const std::filesystem::path& path) {
  open_how how{};
  how.flags = O_PATH | O_CLOEXEC;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  for (int tries = 0; tries < kTriesMax; ++tries) {
    UniqueFd found(static_cast<int>(::syscall(SYS_openat2, folder, path.c_str(), &how, sizeof how)));
    if (found || errno != EAGAIN) {
      if (!found && (errno == ENOSYS || errno == EPERM)) return walk(folder, path);
      return found;
    }
  }
  return {};
}

bool lies_in(const std::filesystem::path& path, const std::filesystem::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

}  // namespace wardian::process
