#include "wardian/columnar/file_write.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "wardian/base/file_error.h"

namespace wardian::columnar {

Status write_all(int fd, std::span<const std::byte> bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      const int number = written < 0 ? errno : EIO;
      return Error{
          .code = code_of_file_error(number),
          .message = "Cannot write to a temporary file: " + std::string(std::strerror(number)),
          .hint =
              "A table for Python is held in memory, and on disk where it is large (TMPDIR names the folder): is there enough?"};
    }
    offset += static_cast<std::uint64_t>(written);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Status rewrite_int64(int fd, std::uint64_t offset, std::uint64_t count, std::int64_t (*change)(std::int64_t)) {
  std::vector<std::int64_t> block(8192);
  for (std::uint64_t at = 0; at < count;) {
    const std::span<std::int64_t> values(block.data(), std::min<std::uint64_t>(block.size(), count - at));
    const ssize_t got = ::pread(fd, values.data(), values.size_bytes(), static_cast<off_t>(offset + 8 * at));
    if (got < 0 && errno == EINTR) continue;
    if (got != static_cast<ssize_t>(values.size_bytes())) {
      return Error{.code = ErrorCode::io, .message = "Reading back a frame for Python failed"};
    }
    for (std::int64_t& value : values) value = change(value);
    WARDIAN_TRY(write_all(fd, std::as_bytes(values), offset + 8 * at));
    at += values.size();
  }
  return {};
}

}  // namespace wardian::columnar
