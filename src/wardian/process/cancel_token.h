#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string_view>

#include "wardian/base/result.h"
#include "wardian/base/unique_fd.h"

namespace wardian::process {

/// One request's "stop now", set once from any thread (or a signal handler) and seen by all who wait.
/// `fd()` becomes readable when cancelled and stays so; it belongs to the token and may be polled by many.
class CancelToken {
 public:
  CancelToken();
  CancelToken(const CancelToken&) = delete;
  CancelToken& operator=(const CancelToken&) = delete;

  /// Async-signal-safe and idempotent.
  void cancel() noexcept;
  bool cancelled() const noexcept { return cancelled_.load(std::memory_order_acquire); }
  /// -1 when the kernel refused an eventfd; then only `cancelled()` tells.
  int fd() const noexcept { return event_.get(); }

 private:
  std::atomic<bool> cancelled_{false};
  UniqueFd event_;
};

/// What stops a request's work: cancelled, or timeout: "The request's time ran out `where`".
Status may_go_on(const CancelToken* cancel, const std::optional<std::chrono::steady_clock::time_point>& deadline,
                 std::string_view where);

}  // namespace wardian::process
