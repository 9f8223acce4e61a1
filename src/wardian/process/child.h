#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "wardian/base/result.h"
#include "wardian/base/unique_fd.h"

namespace wardian::process {

/// One descriptor that the new program gets under a number of its own.
struct GivenDescriptor {
  int source = -1;  // borrowed for the time of the call
  int target = -1;
};

/// A program to start. Nothing is inherited but what stands here: no environment, no descriptors.
struct SpawnPlan {
  std::filesystem::path executable;
  std::vector<std::string> arguments;        // without argument zero, which is the executable
  std::vector<std::string> environment;      // "NAME=value"
  std::vector<GivenDescriptor> descriptors;  // 0, 1 and 2 are /dev/null unless given
  bool new_session = false;                  // keeps the terminal's Ctrl-C away
};

/// How a process ended.
struct ExitStatus {
  bool signalled = false;
  int number = 0;  // exit status or signal
};

/// A child process of ours, held by a pidfd: signals can never hit a stranger who got its number. The destructor kills and reaps.
class Child {
 public:
  /// posix_spawn, so that nothing of the calling process, its locks or its memory is copied.
  static Result<Child> spawn(const SpawnPlan& plan);

  Child() = default;
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child();

  bool valid() const { return pidfd_.valid(); }
  pid_t pid() const { return pid_; }
  /// Readable once the process has ended.
  int pidfd() const { return pidfd_.get(); }
  /// A process that has ended already is no error.
  void send_signal(int signal) const;
  /// Waits at most so long; nullopt while it still runs. After an answer the child is reaped.
  std::optional<ExitStatus> wait(std::chrono::milliseconds timeout);
  /// Lets the process live on without us: no kill in the destructor.
  void disown();

 private:
  pid_t pid_ = -1;
  UniqueFd pidfd_;
};

/// What a program that ended in time wrote to its standard output, and how it ended. `plan` gives it descriptor 1 no other way.
struct Answer {
  std::string text;
  ExitStatus end;
};
/// Runs it to its end. An error when it does not start, takes longer than `time_max` or writes more than `bytes_max`; it is killed then.
Result<Answer> ask_program(SpawnPlan plan, std::chrono::milliseconds time_max, std::size_t bytes_max);

/// pidfd_open(2) and pidfd_send_signal(2), which glibc 2.35 and older lack.
UniqueFd open_pidfd(pid_t pid);
bool signal_pidfd(int pidfd, int signal);
/// The number that the process behind `pidfd` has in our own pid namespace; -1 when it is gone or out of sight.
pid_t pid_of(int pidfd);

}  // namespace wardian::process
