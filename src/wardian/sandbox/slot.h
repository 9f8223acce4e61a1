#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "wardian/base/result.h"
#include "wardian/base/unique_fd.h"
#include "wardian/process/message_socket.h"
#include "wardian/sandbox/cgroup_tree.h"
#include "wardian/sandbox/policy.h"

namespace wardian::sandbox {

/// How the zygote saw a child end.
struct Reaped {
  int wait_status = 0;
  std::chrono::microseconds cpu_time{};
  std::uint64_t resident_bytes_peak = 0;
};

/// What a child may map beyond its policy's measure, for the inputs of its call.
struct ExtraBytes {
  std::uint64_t address = 0;
  std::uint64_t data = 0;  // private and writable: only where a limit counts that
  bool operator==(const ExtraBytes&) const = default;
};

/// One child and all that we hold of it. The keeper's thread makes it ready and buries it; between, it belongs to the thread that runs
/// a call. Only its end is touched by both at once, hence a lock of its own.
class Slot {
 public:
  std::uint64_t number = 0;
  std::uint64_t zygote = 0;  // which generation made it
  Policy policy;
  ExtraBytes extra;
  process::MessageSocket channel;
  UniqueFd standard_output, standard_error;  // reading ends, non-blocking
  UniqueFd pidfd;
  pid_t pid = -1;
  CgroupSlot cgroup;
  std::string scratch_folder;  // to be removed afterwards; empty where scratch is a mount of the child's own
  std::chrono::steady_clock::time_point asked_at;

  /// SIGKILL to the child, which takes its pid namespace with it. Harmless when it is dead.
  void kill() const;
  /// Keeps a living child off the processor that the calling thread is on, as far as the machine allows it.
  void make_room() const;
  /// True once the process and every thread of it is gone, waiting at most so long.
  bool wait_dead(std::chrono::milliseconds wait_max) const;
  /// CPU time so far of a living child.
  std::chrono::microseconds cpu_time_now() const;

  void set_reaped(const Reaped& value);
  /// Nobody will reap it any more: its zygote is gone, and took it along.
  void set_lost(const std::string& why);
  /// Waits until it is reaped or lost.
  std::optional<Reaped> wait_reaped(std::chrono::milliseconds wait_max) const;
  /// Why it is lost; empty when it is not.
  std::string lost() const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::optional<Reaped> reaped_;
  std::string lost_;
};

/// Descriptors that go to the child of a slot in the making.
struct ChildEnds {
  process::MessageSocket channel;
  UniqueFd standard_output, standard_error;
};
/// Makes both sides' ends.
Result<ChildEnds> make_ends(Slot& slot);

}  // namespace wardian::sandbox
