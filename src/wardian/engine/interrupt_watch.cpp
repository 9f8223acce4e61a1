#include "wardian/engine/interrupt_watch.h"

#include <poll.h>
#include <sys/eventfd.h>

#include "wardian/process/start_thread.h"

namespace wardian::engine {

using Clock = std::chrono::steady_clock;

InterruptWatch::InterruptWatch(Connection& connection, const process::CancelToken* token, Deadline deadline)
    : connection_(&connection), token_(token), deadline_(deadline) {
  if (token_ == nullptr && !deadline_) return;
  end_ = UniqueFd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!end_.valid()) return;
  auto thread = process::start_thread([this] { run(); });
  if (thread.ok())
    thread_ = std::move(*thread);
  else
    started_ = thread.error();
}

InterruptWatch::~InterruptWatch() {
  if (!thread_.joinable()) return;
  const std::uint64_t one = 1;
  // An eventfd that holds zero always takes a one.
  static_cast<void>(::write(end_.get(), &one, sizeof(one)) == 0);
  thread_.join();
}

Status InterruptWatch::check() const {
  WARDIAN_TRY(started_);
  if (token_ != nullptr && token_->cancelled()) return Error{ErrorCode::cancelled, "The query was cancelled", {}, {}};
  if (deadline_ && Clock::now() >= *deadline_)
    return Error{ErrorCode::timeout, "The query did not end within its time limit", {}, "Raise it with --timeout."};
  return {};
}

Error InterruptWatch::reason(Error error) const {
  if (error.code != ErrorCode::cancelled) return error;
  const Status status = check();
  return status.ok() ? error : status.error();
}

void InterruptWatch::run() {
  constexpr int kRepeatMs = 20;
  // A token whose eventfd the kernel refused can only be asked.
  const bool must_ask = token_ != nullptr && token_->fd() < 0;
  for (;;) {
    const bool stopped = !check().ok();
    if (stopped) connection_->interrupt();
    pollfd waited[] = {{end_.get(), POLLIN, 0}, {-1, POLLIN, 0}};
    if (token_ != nullptr && !stopped) waited[1].fd = token_->fd();
    int timeout_ms = stopped || must_ask ? kRepeatMs : -1;
    if (!stopped && deadline_) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline_ - Clock::now()).count();
      const int left_ms = static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
      timeout_ms = timeout_ms < 0 ? left_ms : std::min(timeout_ms, left_ms);
    }
    if (::poll(waited, 2, timeout_ms) > 0 && (waited[0].revents & POLLIN) != 0) return;
  }
}

}  // namespace wardian::engine
