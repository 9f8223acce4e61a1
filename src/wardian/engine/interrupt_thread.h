#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "wardian/base/unique_fd.h"
#include "wardian/engine/interrupt_watch.h"

namespace wardian::engine {

/// The process's one thread behind every InterruptWatch. Who adds a watch does not wake it: the kernel does, when a token's
/// descriptor becomes readable or the timer, which is set to the nearest deadline, runs out.
class InterruptThread {
 public:
  static InterruptThread& instance();
  ~InterruptThread();

  Status add(const InterruptWatch& watch);
  /// Afterwards the watch's connection is interrupted no more.
  void remove(const InterruptWatch& watch);

 private:
  using Clock = std::chrono::steady_clock;

  InterruptThread() = default;
  Status start();
  void run();
  /// Interrupts what must end; when to look again.
  std::optional<Clock::time_point> look();
  static std::optional<Clock::time_point> next_look(const InterruptWatch& watch);
  void wake_at(Clock::time_point time);

  std::mutex mutex_;
  std::vector<const InterruptWatch*> watches_;
  std::map<int, int> tokens_;  // descriptor to the number of watches that share it
  std::optional<Clock::time_point> timer_set_to_;
  UniqueFd events_, timer_, end_;
  std::thread thread_;
};

}  // namespace wardian::engine
