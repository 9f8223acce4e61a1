#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "wardian/columnar/batch.h"
#include "wardian/engine/connection.h"
#include "wardian/session/request.h"

namespace wardian::session {

/// Interrupts the engine when the request is cancelled or its deadline passes, and says which it was. The thread exists
/// only for requests that can end early.
class CancelWatch {
 public:
  CancelWatch(engine::Connection& connection, const Request& request);
  ~CancelWatch();
  CancelWatch(const CancelWatch&) = delete;
  CancelWatch& operator=(const CancelWatch&) = delete;

  /// Whether it can keep its promise: an error where no thread was to be had for it.
  const Status& started() const { return started_; }

  /// The error as the user should read it: an interrupted engine was a cancelled request or one out of time.
  Error explain(Error error) const;

  /// The same for every error of the stream. The watch must outlive it.
  std::unique_ptr<columnar::BatchStream> guard(std::unique_ptr<columnar::BatchStream> stream);

 private:
  void wait();
  bool late() const;

  engine::Connection& connection_;
  const Request& request_;
  UniqueFd stop_;
  Status started_;
  std::thread thread_;
};

}  // namespace wardian::session
