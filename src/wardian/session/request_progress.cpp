#include "wardian/session/request_progress.h"

namespace wardian::session {

std::string RequestProgress::text() const {
  const std::lock_guard lock(mutex_);
  if (connection_ == nullptr || !by_engine_) return what_;
  const double percent = connection_->progress_percent();
  return percent < 0 ? what_ : what_ + " " + std::to_string(static_cast<int>(percent)) + " %";
}

void RequestProgress::begin(const engine::Connection& connection) {
  const std::lock_guard lock(mutex_);
  connection_ = &connection;
}

void RequestProgress::step(std::string what, bool by_engine) {
  const std::lock_guard lock(mutex_);
  what_ = std::move(what);
  by_engine_ = by_engine;
}

void RequestProgress::end() {
  const std::lock_guard lock(mutex_);
  connection_ = nullptr;
  what_.clear();
}

}  // namespace wardian::session
