#include "wardian/session/cancellation.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>

#include "wardian/process/start_thread.h"

namespace wardian::session {
namespace {

class GuardedStream final : public columnar::BatchStream {
 public:
  GuardedStream(const CancelWatch& watch, std::unique_ptr<columnar::BatchStream> inner)
      : watch_(watch), inner_(std::move(inner)) {}
  const columnar::Schema& schema() const override { return inner_->schema(); }
  Result<std::optional<columnar::Batch>> next() override {
    auto batch = inner_->next();
    if (!batch.ok()) return watch_.explain(std::move(batch).error());
    return batch;
  }

 private:
  const CancelWatch& watch_;
  std::unique_ptr<columnar::BatchStream> inner_;
};

}  // namespace

CancelWatch::CancelWatch(engine::Connection& connection, const Request& request) : connection_(connection), request_(request) {
  if (request.cancel == nullptr && !request.deadline) return;
  stop_ = UniqueFd(eventfd(0, EFD_CLOEXEC));
  auto thread = process::start_thread([this] { wait(); });
  if (thread.ok())
    thread_ = std::move(*thread);
  else
    started_ = thread.error();
}

CancelWatch::~CancelWatch() {
  if (!thread_.joinable()) return;
  eventfd_write(stop_.get(), 1);
  thread_.join();
}

bool CancelWatch::late() const { return request_.deadline && std::chrono::steady_clock::now() >= *request_.deadline; }

void CancelWatch::wait() {
  // A statement may begin just after an interrupt, so it is repeated until the request is gone.
  constexpr std::chrono::milliseconds kRepeat{50};
  bool ending = false;
  while (true) {
    std::chrono::milliseconds wait = ending ? kRepeat : std::chrono::hours(1);
    if (!ending && request_.deadline) {
      const auto left = *request_.deadline - std::chrono::steady_clock::now();
      wait = std::clamp(std::chrono::ceil<std::chrono::milliseconds>(left), std::chrono::milliseconds(0), wait);
    }
    pollfd watched[2] = {{stop_.get(), POLLIN, 0},
                         {ending || request_.cancel == nullptr ? -1 : request_.cancel->fd(), POLLIN, 0}};
    poll(watched, 2, static_cast<int>(wait.count()));
    if ((watched[0].revents & POLLIN) != 0) return;
    ending = ending || late() || (request_.cancel != nullptr && request_.cancel->cancelled());
    if (ending) connection_.interrupt();
  }
}

Error CancelWatch::explain(Error error) const {
  const bool ours = error.code == ErrorCode::cancelled || error.code == ErrorCode::timeout;
  if (!ours) return error;
  if (request_.cancel != nullptr && request_.cancel->cancelled())
    return {ErrorCode::cancelled, "The query was cancelled", {}, ""};
  if (late()) {
    return {ErrorCode::timeout, "The query ran out of time", {}, "Give it longer with --timeout, or let it read fewer rows."};
  }
  return error;
}

std::unique_ptr<columnar::BatchStream> CancelWatch::guard(std::unique_ptr<columnar::BatchStream> stream) {
  return std::make_unique<GuardedStream>(*this, std::move(stream));
}

}  // namespace wardian::session
