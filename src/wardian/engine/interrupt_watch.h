#pragma once

#include <chrono>
#include <optional>

#include "wardian/engine/connection.h"
#include "wardian/process/cancel_token.h"

namespace wardian::engine {

/// While it lives, interrupts the connection once the token is cancelled or the deadline has passed, and again every few
/// milliseconds, so that a statement begun a moment later ends as well. One thread of the process does it for all watches: to start
/// and join one for each costs a query about 0.1 ms, and where all cores are busy the join waits for milliseconds.
class InterruptWatch {
 public:
  using Deadline = std::optional<std::chrono::steady_clock::time_point>;

  /// What is pointed to outlives the watch.
  InterruptWatch(Connection& connection, const process::CancelToken* token, Deadline deadline);
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;
  ~InterruptWatch();

  /// Whether it can keep its promise: an error where no thread or descriptor was to be had.
  const Status& started() const { return started_; }
  /// An error as the user should read it: an interrupted engine was a cancelled request or one out of time.
  Error reason(Error error) const;

 private:
  friend class InterruptThread;
  bool must_end() const;
  bool late() const;

  Connection* connection_;
  const process::CancelToken* token_;
  Deadline deadline_;
  Status started_;
  bool watched_ = false;
};

}  // namespace wardian::engine
