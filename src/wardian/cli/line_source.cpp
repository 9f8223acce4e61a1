#include "wardian/cli/line_source.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace wardian::cli {

bool LineSource::fill() {
  constexpr std::size_t kBlockBytes = std::size_t{64} << 10;
  while (true) {
    if (token_ != nullptr && token_->cancelled()) return false;
    pollfd sources[] = {{fd_, POLLIN, 0}, {token_ != nullptr ? token_->fd() : -1, POLLIN, 0}};
    if (::poll(sources, 2, -1) < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    if (sources[0].revents == 0) continue;
    if (begin_ > 0) {
      held_.erase(0, begin_);
      searched_ -= begin_;
      begin_ = 0;
    }
    const std::size_t size = held_.size();
    held_.resize(size + kBlockBytes);
    const ssize_t got = ::read(fd_, held_.data() + size, kBlockBytes);
    held_.resize(size + static_cast<std::size_t>(got > 0 ? got : 0));
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    return got > 0;
  }
}

Result<std::optional<std::string>> LineSource::next() {
  bool too_long = false;
  while (true) {
    const std::size_t end = held_.find('\n', searched_);
    if (end != std::string::npos) {
      std::string line = held_.substr(begin_, end - begin_);
      begin_ = searched_ = end + 1;
      if (too_long) break;
      return std::optional(std::move(line));
    }
    searched_ = held_.size();
    if (held_.size() - begin_ > kLineBytesMax) {
      too_long = true;
      begin_ = held_.size();
    }
    if (fill()) continue;
    const bool stopped = token_ != nullptr && token_->cancelled();
    if (stopped || (begin_ == held_.size() && !too_long)) return std::optional<std::string>();
    std::string line = held_.substr(begin_);
    begin_ = searched_ = held_.size();
    if (too_long) break;
    return std::optional(std::move(line));
  }
  return Error{ErrorCode::text_too_long, "The line is longer than " + std::to_string(kLineBytesMax >> 20) + " MiB", {}, {}};
}

}  // namespace wardian::cli
