#include "wardian/columnar/file_copy.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "wardian/columnar/file_write.h"

namespace wardian::columnar {

Result<std::uint64_t> copy_bytes(int from, std::uint64_t from_begin, int to, std::uint64_t to_begin, std::uint64_t bytes) {
  constexpr std::size_t kBlockBytes = std::size_t{1} << 20;
  std::vector<std::byte> block(std::min<std::uint64_t>(kBlockBytes, bytes));
  for (std::uint64_t at = 0; at < bytes;) {
    const std::size_t wanted = std::min<std::uint64_t>(block.size(), bytes - at);
    const ssize_t got = ::pread(from, block.data(), wanted, static_cast<off_t>(from_begin + at));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Error{.code = ErrorCode::io, .message = "Reading back a frame for Python failed"};
    if (got == 0) return at;
    WARDIAN_TRY(write_all(to, std::span(block).first(static_cast<std::size_t>(got)), to_begin + at));
    at += static_cast<std::uint64_t>(got);
  }
  return bytes;
}

}  // namespace wardian::columnar
