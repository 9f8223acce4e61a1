#include "wardian/process/part_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <atomic>

namespace wardian::process {
namespace {

constexpr std::string_view kPartBegin = ".wardian-", kPartEnd = ".part";
constexpr mode_t kMode = 0666;  // less the umask

std::string part_name() {
  static std::atomic<unsigned> next{0};
  return std::string(kPartBegin) + std::to_string(::getpid()) + "-" + std::to_string(next++) + std::string(kPartEnd);
}

}  // namespace

bool is_part_name(std::string_view name) { return name.starts_with(kPartBegin) && name.ends_with(kPartEnd); }

PartFile PartFile::make(int folder) {
  PartFile made;
  made.folder_ = folder;
  made.name_ = part_name();
  made.fd_ = UniqueFd(::openat(folder, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, kMode));
  if (!made.fd_) {
    made.fd_ = UniqueFd(::openat(folder, made.name_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kMode));
    made.named_ = made.fd_.valid();
  }
  return made;
}

PartFile::~PartFile() {
  if (named_) ::unlinkat(folder_, name_.c_str(), 0);
}

void PartFile::swap(PartFile& other) noexcept {
  std::swap(folder_, other.folder_);
  name_.swap(other.name_);
  fd_.swap(other.fd_);
  std::swap(named_, other.named_);
}

bool PartFile::put_at(const std::string& name, bool replace) {
  const std::string self = "/proc/self/fd/" + std::to_string(fd_.get());
  if (!replace && !named_) return ::linkat(AT_FDCWD, self.c_str(), folder_, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
  if (!replace) return ::linkat(folder_, name_.c_str(), folder_, name.c_str(), 0) == 0;
  if (!named_) {
    if (::linkat(AT_FDCWD, self.c_str(), folder_, name_.c_str(), AT_SYMLINK_FOLLOW) != 0) return false;
    named_ = true;
  }
  if (::renameat(folder_, name_.c_str(), folder_, name.c_str()) != 0) return false;
  named_ = false;
  return true;
}

}  // namespace wardian::process
