#include "wardian/process/write_all.h"

#include <unistd.h>

#include <cerrno>

namespace wardian::process {

int write_all(int fd, std::span<const std::byte>& left) {
  while (!left.empty()) {
    const ssize_t put = ::write(fd, left.data(), left.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return put < 0 ? errno : ENOSPC;
    left = left.subspan(static_cast<std::size_t>(put));
  }
  return 0;
}

}  // namespace wardian::process
