#include "wardian/pyrun/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "wardian/process/system_error.h"

namespace wardian::pyrun {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 20;

Status may_go_on(const FileInput& input, const Call& call) {
  if (call.cancel != nullptr && call.cancel->cancelled())
    return Error{.code = ErrorCode::cancelled, .message = "The request was cancelled"};
  if (call.deadline && std::chrono::steady_clock::now() >= *call.deadline)
    return Error{.code = ErrorCode::timeout, .message = "The request's time ran out while " + input.path.string() + " was read"};
  return {};
}

Error too_large(const FileInput& input, const Call& call) {
  return {.code = ErrorCode::result_too_large,
          .message = input.path.string() + " is too large for a script; the limit is " + std::to_string(call.input_bytes_max) +
                     " bytes"};
}

Result<UniqueFd> open_regular(const FileInput& input) {
  // Without blocking, for a named pipe would wait here for its writer.
  UniqueFd file(::open(input.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file) return process::system_error(ErrorCode::file_not_found, "Cannot read " + input.path.string(), errno);
  struct stat status = {};
  if (::fstat(file.get(), &status) != 0)
    return process::system_error(ErrorCode::bad_file, "Cannot read " + input.path.string(), errno);
  if (!S_ISREG(status.st_mode))
    return Error{.code = ErrorCode::bad_file,
                 .message = "Cannot read " + input.path.string() + ": it is no ordinary file",
                 .hint = "Name a file, not a folder, pipe or device."};
  return file;
}

Status append(const process::MemoryFile& copy, std::span<const std::byte> bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t put = ::pwrite(copy.fd(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0)
      return process::system_error(ErrorCode::io, "Cannot hold a file for the script in memory", put < 0 ? errno : ENOSPC);
    bytes = bytes.subspan(static_cast<std::size_t>(put));
    offset += static_cast<std::uint64_t>(put);
  }
  return {};
}

}  // namespace

Result<process::MemoryFile> copy_input_file(const FileInput& input, const Call& call) {
  WARDIAN_ASSIGN(const UniqueFd file, open_regular(input));
  WARDIAN_ASSIGN(process::MemoryFile copy, process::MemoryFile::create("wardian-file"));
  std::vector<std::byte> block(kBlockBytes);
  for (std::uint64_t at = 0;;) {
    WARDIAN_TRY(may_go_on(input, call));
    const ssize_t got = ::pread(file.get(), block.data(), block.size(), static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return process::system_error(ErrorCode::bad_file, "Cannot read " + input.path.string(), errno);
    if (got == 0) break;
    const auto bytes = static_cast<std::size_t>(got);
    if (at + bytes > call.input_bytes_max) return too_large(input, call);
    WARDIAN_TRY(append(copy, std::span(block).first(bytes), at));
    at += bytes;
  }
  WARDIAN_TRY(copy.seal());
  return copy;
}

}  // namespace wardian::pyrun
