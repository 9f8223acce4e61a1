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

Status may_go_on(const CancelToken* cancel, const std::optional<std::chrono::steady_clock::time_point>& deadline,
                 std::string_view where) {
  if (cancel != nullptr && cancel->cancelled()) return Error{ErrorCode::cancelled, "The request was cancelled", {}, {}};
  if (deadline && std::chrono::steady_clock::now() >= *deadline)
    return Error{ErrorCode::timeout, "The request's time ran out " + std::string(where), {}, {}};
  return {};
}

}  // namespace wardian::process
