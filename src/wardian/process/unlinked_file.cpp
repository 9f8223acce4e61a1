#include "wardian/process/unlinked_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "wardian/process/system_error.h"

namespace wardian::process {
namespace {

Error disk_error(const std::string& what, int number) {
  const bool full = number == ENOSPC || number == EDQUOT || number == EFBIG;
  Error error = system_error(full ? ErrorCode::disk_full : ErrorCode::io, what, number);
  if (full) error.hint = "TMPDIR names the folder for what does not fit into memory.";
  return error;
}

}  // namespace

Result<UniqueFd> unlinked_file(const std::filesystem::path& folder) {
  UniqueFd fd(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR));
  if (fd) return fd;
  const int number = errno;
  if (number == EOPNOTSUPP || number == EISDIR || number == ENOENT) {
    // A file system that knows no file without a name: it has one for a moment.
    std::string name = (folder / "unnamed-XXXXXX").string();
    UniqueFd named(::mkostemp(name.data(), O_CLOEXEC));
    if (named && ::unlink(name.c_str()) == 0) return named;
  }
  return disk_error("cannot make a temporary file in " + folder.string(), errno);
}

Status write_to_disk(int fd, std::span<const std::byte> bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return disk_error("cannot write to a temporary file", written < 0 ? errno : ENOSPC);
    offset += static_cast<std::uint64_t>(written);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace wardian::process
