#include "wardian/process/cancel_token.h"

#include <sys/eventfd.h>

namespace wardian::process {

CancelToken::CancelToken() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void CancelToken::cancel() noexcept {
  cancelled_.store(true, std::memory_order_release);
  const std::uint64_t one = 1;
  // A full counter means that it is readable already, so a failed write loses nothing.
  [[maybe_unused]] const ssize_t written = ::write(event_.get(), &one, sizeof one);
}

}  // namespace wardian::process
