#include "wardian/engine/interrupt_thread.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "wardian/process/start_thread.h"
#include "wardian/process/system_error.h"

namespace wardian::engine {
namespace {

// A statement may begin just after an interrupt; and a token without a descriptor can only be asked.
constexpr std::chrono::milliseconds kRepeat{20};

bool watch_descriptor(int events, int fd, std::uint32_t what) {
  epoll_event event{};
  event.events = what;
  event.data.fd = fd;
  return ::epoll_ctl(events, EPOLL_CTL_ADD, fd, &event) == 0;
}

Error no_watch() { return process::system_error(ErrorCode::out_of_memory, "cannot watch a query's time", errno); }

}  // namespace

InterruptThread& InterruptThread::instance() {
  static InterruptThread one;
  return one;
}

InterruptThread::~InterruptThread() {
  if (!thread_.joinable()) return;
  ::eventfd_write(end_.get(), 1);
  thread_.join();
}

Status InterruptThread::start() {
  if (thread_.joinable()) return {};
  UniqueFd events(::epoll_create1(EPOLL_CLOEXEC));
  UniqueFd timer(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
  UniqueFd end(::eventfd(0, EFD_CLOEXEC));
  if (!events || !timer || !end || !watch_descriptor(events.get(), timer.get(), EPOLLIN) ||
      !watch_descriptor(events.get(), end.get(), EPOLLIN))
    return no_watch();
  events_ = std::move(events);
  timer_ = std::move(timer);
  end_ = std::move(end);
  WARDIAN_ASSIGN(thread_, process::start_thread([this] { run(); }));
  return {};
}

Status InterruptThread::add(const InterruptWatch& watch) {
  const std::lock_guard lock(mutex_);
  WARDIAN_TRY(start());
  const int token = watch.token_ == nullptr ? -1 : watch.token_->fd();
  if (token >= 0) {
    // Once: a cancelled token stays readable. The timer repeats the interrupt.
    if (!tokens_.contains(token) && !watch_descriptor(events_.get(), token, EPOLLIN | EPOLLONESHOT)) return no_watch();
    ++tokens_[token];
  }
  watches_.push_back(&watch);
  if (const auto next = next_look(watch)) wake_at(*next);
  return {};
}

void InterruptThread::remove(const InterruptWatch& watch) {
  const std::lock_guard lock(mutex_);
  std::erase(watches_, &watch);
  const auto token = watch.token_ == nullptr ? tokens_.end() : tokens_.find(watch.token_->fd());
  if (token == tokens_.end() || --token->second > 0) return;
  ::epoll_ctl(events_.get(), EPOLL_CTL_DEL, token->first, nullptr);
  tokens_.erase(token);
}

std::optional<InterruptThread::Clock::time_point> InterruptThread::next_look(const InterruptWatch& watch) {
  const Clock::time_point now = Clock::now();
  if (watch.must_end()) return now;
  if (watch.token_ != nullptr && watch.token_->fd() < 0) return std::min(now + kRepeat, watch.deadline_.value_or(now + kRepeat));
  return watch.deadline_;
}

void InterruptThread::wake_at(Clock::time_point time) {
  // A timer that runs out too early finds nothing to do; one of a watch that has gone is not worth a system call.
  if (timer_set_to_ && *timer_set_to_ <= time) return;
  timer_set_to_ = time;
  // The clock's zero would disarm it.
  const auto since_zero = std::max(std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count(), 1L);
  itimerspec at{};
  at.it_value = {since_zero / 1'000'000'000, since_zero % 1'000'000'000};
  ::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &at, nullptr);
}

std::optional<InterruptThread::Clock::time_point> InterruptThread::look() {
  std::optional<Clock::time_point> nearest;
  for (const InterruptWatch* watch : watches_) {
    std::optional<Clock::time_point> next = next_look(*watch);
    if (watch->must_end()) {
      watch->connection_->interrupt();
      next = Clock::now() + kRepeat;
    }
    if (next && (!nearest || *next < *nearest)) nearest = next;
  }
  return nearest;
}

void InterruptThread::run() {
  std::array<epoll_event, 16> events;
  for (;;) {
    const int count = ::epoll_wait(events_.get(), events.data(), events.size(), -1);
    for (int i = 0; i < count; ++i)
      if (events[static_cast<std::size_t>(i)].data.fd == end_.get()) return;
    const std::lock_guard lock(mutex_);
    std::uint64_t times = 0;
    // Only to make it unreadable again.
    static_cast<void>(::read(timer_.get(), &times, sizeof times) == 0);
    timer_set_to_.reset();
    if (const auto next = look()) wake_at(*next);
  }
}

}  // namespace wardian::engine
