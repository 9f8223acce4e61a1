#include "wardian/cli/answer/output_stream.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "wardian/base/file_error.h"

namespace wardian::cli {
namespace {

constexpr std::size_t kBufferBytesMax = std::size_t{64} << 10;

Error write_error(int number) {
  Error error;
  error.code = code_of_file_error(number);
  error.message = std::string("Cannot write the answer: ") + std::strerror(number);
  if (error.code == ErrorCode::disk_full) error.hint = "Free some space, or write to another disk with --output.";
  return error;
}

}  // namespace

Status OutputStream::write(std::string_view text) {
  if (failure_) return *failure_;
  if (closed_) return {};
  buffer_.append(filter_ != nullptr ? filter_(text) : text);
  return buffer_.size() < kBufferBytesMax ? Status() : flush();
}

Status OutputStream::flush() {
  if (failure_) return *failure_;
  if (const auto act = std::exchange(before_first_write_, nullptr)) act(buffer_);
  std::string_view rest = buffer_;
  while (!rest.empty() && !closed_) {
    const ssize_t written = ::write(fd_, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EPIPE) {
      closed_ = true;
    } else if (errno != EINTR) {
      failure_ = write_error(errno);
      buffer_.clear();
      return *failure_;
    }
  }
  buffer_.clear();
  return {};
}

}  // namespace wardian::cli
