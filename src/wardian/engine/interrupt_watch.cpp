#include "wardian/engine/interrupt_watch.h"

#include "wardian/engine/interrupt_thread.h"

namespace wardian::engine {

InterruptWatch::InterruptWatch(Connection& connection, const process::CancelToken* token, Deadline deadline)
    : connection_(&connection), token_(token), deadline_(deadline) {
  if (token_ == nullptr && !deadline_) return;
  started_ = InterruptThread::instance().add(*this);
  watched_ = started_.ok();
}

InterruptWatch::~InterruptWatch() {
  if (watched_) InterruptThread::instance().remove(*this);
}

bool InterruptWatch::late() const { return deadline_ && std::chrono::steady_clock::now() >= *deadline_; }

bool InterruptWatch::must_end() const { return (token_ != nullptr && token_->cancelled()) || late(); }

Error InterruptWatch::reason(Error error) const {
  if (error.code != ErrorCode::cancelled && error.code != ErrorCode::timeout) return error;
  if (token_ != nullptr && token_->cancelled()) return {ErrorCode::cancelled, "The query was cancelled", {}, ""};
  if (late()) {
    return {ErrorCode::timeout, "The query ran out of time", {}, "Give it longer with --timeout, or let it read fewer rows."};
  }
  return error;
}

}  // namespace wardian::engine
