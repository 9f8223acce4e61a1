#pragma once

#include <chrono>
#include <optional>
#include <thread>

#include "wardian/base/unique_fd.h"
#include "wardian/engine/connection.h"
#include "wardian/process/cancel_token.h"

namespace wardian::engine {

/// While it lives, interrupts the connection once the token is cancelled or the deadline has passed, and again every few
/// milliseconds, so that a statement begun a moment later ends as well.
class InterruptWatch {
 public:
  using Deadline = std::optional<std::chrono::steady_clock::time_point>;

  /// What is pointed to outlives the watch. No token and no deadline: no thread.
  InterruptWatch(Connection& connection, const process::CancelToken* token, Deadline deadline);
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;
  ~InterruptWatch();

  /// The error that the request ends with if it was stopped by now: cancelled or timeout; or that no thread was to be had to watch it.
  Status check() const;
  /// An error of the engine, which knows only "interrupted", with the reason put right.
  Error reason(Error error) const;

 private:
  void run();

  Connection* connection_;
  const process::CancelToken* token_;
  Deadline deadline_;
  UniqueFd end_;  // readable when the watch shall end
  Status started_;
  std::thread thread_;
};

}  // namespace wardian::engine
