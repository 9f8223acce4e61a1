#include "wardian/sandbox/slot.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

#include "wardian/process/child.h"
#include "wardian/process/system_error.h"

namespace wardian::sandbox {

void Slot::kill() const {
  if (pidfd) process::signal_pidfd(pidfd.get(), SIGKILL);
}

void Slot::make_room() const {
  const int here = ::sched_getcpu();
  cpu_set_t others;
  // By number, not by descriptor: so only of a child that is there to be killed.
  if (here < 0 || pid <= 0 || wait_dead(std::chrono::milliseconds(0)) || ::sched_getaffinity(pid, sizeof others, &others) != 0)
    return;
  CPU_CLR(static_cast<unsigned>(here), &others);
  if (CPU_COUNT(&others) > 0) ::sched_setaffinity(pid, sizeof others, &others);
}

bool Slot::wait_dead(std::chrono::milliseconds wait_max) const {
  if (!pidfd) return true;
  const auto deadline = std::chrono::steady_clock::now() + wait_max;
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    pollfd end{pidfd.get(), POLLIN, 0};
    const int ready = ::poll(&end, 1, static_cast<int>(std::max<std::int64_t>(0, left)));
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

std::chrono::microseconds Slot::cpu_time_now() const {
  clockid_t clock{};
  timespec time{};
  // The clock of a process: see clock_getcpuclockid(3), which asks for nothing but the number.
  if (pid <= 0 || ::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &time) != 0) return {};
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_nsec / 1000);
}

void Slot::set_reaped(const Reaped& value) {
  {
    const std::scoped_lock lock(mutex_);
    reaped_ = value;
  }
  changed_.notify_all();
}

void Slot::set_lost(const std::string& why) {
  {
    const std::scoped_lock lock(mutex_);
    lost_ = why;
  }
  changed_.notify_all();
}

std::string Slot::lost() const {
  const std::scoped_lock lock(mutex_);
  return lost_;
}

std::optional<Reaped> Slot::wait_reaped(std::chrono::milliseconds wait_max) const {
  std::unique_lock lock(mutex_);
  if (wait_max.count() > 0) changed_.wait_for(lock, wait_max, [this] { return reaped_.has_value() || !lost_.empty(); });
  return reaped_;
}

Result<ChildEnds> make_ends(Slot& slot) {
  ChildEnds ends;
  WARDIAN_ASSIGN(auto channel, process::MessageSocket::pair());
  slot.channel = std::move(channel.first);
  ends.channel = std::move(channel.second);
  for (const auto& [ours, theirs] :
       {std::pair(&slot.standard_output, &ends.standard_output), std::pair(&slot.standard_error, &ends.standard_error)}) {
    int pipe_ends[2] = {-1, -1};
    if (::pipe2(pipe_ends, O_CLOEXEC) != 0)
      return process::system_error(ErrorCode::sandbox_unavailable, "cannot make a pipe", errno);
    *ours = UniqueFd(pipe_ends[0]);
    *theirs = UniqueFd(pipe_ends[1]);
    ::fcntl(pipe_ends[0], F_SETFL, O_NONBLOCK);
  }
  return ends;
}

}  // namespace wardian::sandbox
