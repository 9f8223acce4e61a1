#include "wardian/sandbox/slot_run.h"

#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "wardian/process/memory_file.h"
#include "wardian/sandbox/machine.h"

namespace wardian::sandbox {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::string_view kReplyTag = "reply ";
constexpr std::string_view kQuestionTag = "ask ";
constexpr std::chrono::seconds kDeathWaitMax{20};
// At the end of its CPU budget a run is looked at so often.
constexpr std::chrono::milliseconds kCpuLookMin{10};
// After the kill at most so much is still read of each stream: more than a pipe holds, and an end even if someone kept writing.
constexpr int kFinalReadsMax = 64;
// Dying takes a while on a busy machine; closing the channel alone is no death.
constexpr std::chrono::milliseconds kChannelWaitMax{1000};
// What a child that called abort(3) ends with as pid 1; zygote/confine.c.
constexpr int kAbortStatus = 128 + SIGABRT;
constexpr std::chrono::hours kLookMax{1};  // bounds what poll takes
// Of st_blocks, whatever the file system's own.
constexpr std::uint64_t kBlockBytes = 512;

class SlotRun {
 public:
  SlotRun(Slot& slot, const Call& call)
      : slot_(slot),
        call_(call),
        output_(call.policy.console_head_bytes_max, call.policy.console_tail_bytes_max),
        error_(call.policy.console_head_bytes_max, call.policy.console_tail_bytes_max) {}

  Result<Outcome> run() {
    started_ = Clock::now();
    own_limit_ = started_ + call_.policy.wall_time_max;
    cpu_before_ = cpu_clock_ = slot_.cpu_time_now();
    WARDIAN_TRY(send_request());
    watch();
    Outcome outcome;
    const std::chrono::microseconds cpu_after = slot_.cpu_time_now();
    const CgroupReading early = slot_.cgroup.reading();
    outcome.usage.wall_time = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - started_);
    outcome.usage.cpu_time = std::max(cpu_after - cpu_before_, std::chrono::microseconds(0));
    outcome.usage.memory_bytes_peak = early.memory_bytes_peak;
    // Sealing first: it waits for every core, and one would be busy with the death.
    const bool settled = std::holds_alternative<Replied>(end_) && seal_outputs(outcome);
    // Taking down its memory takes milliseconds, in which the kernel gives the core to nobody else.
    if (settled) slot_.make_room();
    slot_.kill();
    if (!settled) await_outputs(outcome);
    refuse_holes(outcome);
    if (!std::holds_alternative<Replied>(end_)) explain_death(outcome);
    drain(slot_.standard_output, output_, ConsoleStream::standard_output);
    drain(slot_.standard_error, error_, ConsoleStream::standard_error);
    outcome.end = std::move(end_);
    outcome.reply = std::move(reply_);
    outcome.standard_output = output_.take();
    outcome.standard_error = error_.take();
    return outcome;
  }

 private:
  Status send_request() {
    WARDIAN_ASSIGN(process::MemoryFile request, process::MemoryFile::sealed_copy("request", call_.request));
    std::vector<int> descriptors{request.fd()};
    descriptors.insert(descriptors.end(), call_.inputs.begin(), call_.inputs.end());
    descriptors.insert(descriptors.end(), call_.outputs.begin(), call_.outputs.end());
    descriptors.insert(descriptors.end(), call_.pipes.begin(), call_.pipes.end());
    const std::string header = "request " + std::to_string(call_.inputs.size()) + " " + std::to_string(call_.outputs.size()) +
                               (call_.dialogue != nullptr ? " dialogue" : "");
    return slot_.channel.send(header, descriptors);
  }

  /// Until something ends the run: sets `end_`.
  void watch() {
    std::array<pollfd, 6> watched{{{slot_.channel.fd(), POLLIN, 0},
                                   {slot_.pidfd.get(), POLLIN, 0},
                                   {slot_.standard_output.get(), POLLIN, 0},
                                   {slot_.standard_error.get(), POLLIN, 0},
                                   {call_.cancel != nullptr ? call_.cancel->fd() : -1, POLLIN, 0},
                                   {-1, POLLIN, 0}}};
    while (true) {
      const Clock::time_point now = Clock::now();
      // While a question is open it is our time that passes.
      const Clock::time_point own_limit = asked_at_ ? Clock::time_point::max() : own_limit_;
      const bool query_first = call_.deadline && *call_.deadline < own_limit;
      const Clock::time_point limit = query_first ? *call_.deadline : own_limit;
      if (now >= limit) {
        end_ = TimedOut{call_.policy.wall_time_max, query_first, call_.dialogue != nullptr};
        return;
      }
      if (call_.cancel != nullptr && call_.cancel->cancelled()) {
        end_ = Cancelled{};
        return;
      }
      const std::chrono::microseconds cpu_left = call_.policy.cpu_time_max - (slot_.cpu_time_now() - cpu_clock_);
      if (cpu_left.count() <= 0) {
        end_ = OverCpu{call_.policy.cpu_time_max};
        return;
      }
      auto left = std::chrono::ceil<std::chrono::milliseconds>(std::min<Clock::duration>(limit - now, kLookMax));
      // The budget cannot be gone before all cores have worked on it.
      left = std::min(left, std::max(kCpuLookMin, std::chrono::ceil<std::chrono::milliseconds>(cpu_left / cores_)));
      // A token without a descriptor is looked at more often.
      std::int64_t wait_ms = left.count();
      if (call_.cancel != nullptr && call_.cancel->fd() < 0) wait_ms = std::min<std::int64_t>(wait_ms, 20);
      watched[5].fd = asked_at_ ? call_.dialogue->fd() : -1;
      for (pollfd& one : watched) one.revents = 0;
      if (::poll(watched.data(), watched.size(), static_cast<int>(wait_ms)) <= 0) continue;
      if (watched[2].revents != 0 && !read_stream(slot_.standard_output, output_, ConsoleStream::standard_output))
        watched[2].fd = -1;
      if (watched[3].revents != 0 && !read_stream(slot_.standard_error, error_, ConsoleStream::standard_error))
        watched[3].fd = -1;
      if (watched[0].revents != 0 && take_message()) return;
      if (watched[5].revents != 0 && asked_at_ && !answer()) return;
      if (watched[1].revents != 0) {
        // Dead; a reply may have been sent just before.
        if (!take_message()) end_ = Exited{};
        return;
      }
      if (channel_closed_ && !slot_.wait_dead(kChannelWaitMax)) {
        end_ = ProtocolBroken{"the control channel was closed"};
        return;
      }
    }
  }

  /// True when a message ended the run: the first one does, whatever it says, unless the call has a dialogue and it is a question.
  bool take_message() {
    if (channel_closed_) return false;
    process::Message message;
    const auto got = slot_.channel.receive(message, kReplyTag.size() + kReplyBytesMax);
    if (got.ok() && *got == process::MessageSocket::Got::nothing) return false;
    if (!got.ok() || *got == process::MessageSocket::Got::end_of_file) {
      channel_closed_ = true;
      return false;
    }
    if (message.truncated) {
      end_ = ProtocolBroken{"a message beyond its bound, or with descriptors"};
    } else if (call_.dialogue != nullptr && message.bytes.starts_with(kQuestionTag)) {
      return !take_question(std::string_view(message.bytes).substr(kQuestionTag.size()));
    } else if (!message.bytes.starts_with(kReplyTag)) {
      end_ = ProtocolBroken{"an unknown message on the control channel"};
    } else {
      reply_ = message.bytes.substr(kReplyTag.size());
      end_ = Replied{};
    }
    return true;
  }

  /// False when it ended the run.
  bool take_question(std::string_view question) {
    if (asked_at_ || question.size() > kQuestionBytesMax) {
      end_ = ProtocolBroken{asked_at_ ? "a question before the last one was answered" : "a question beyond its bound"};
      return false;
    }
    asked_at_ = Clock::now();
    if (Status taken = call_.dialogue->ask(question); !taken.ok()) {
      end_ = Refused{std::move(taken).error()};
      return false;
    }
    return answer();
  }

  /// Sends the open question's answer if there is one by now. False when that ended the run.
  bool answer() {
    Result<std::optional<Answer>> found = call_.dialogue->answer();
    if (!found.ok()) {
      end_ = Refused{std::move(found).error()};
      return false;
    }
    if (!*found) return true;
    const Answer& words = **found;
    if (!std::ranges::all_of(words.descriptors, process::MemoryFile::sealed)) {
      end_ = Refused{Error{ErrorCode::internal, "A sandbox was to be answered with a file that is not sealed", {}, {}}};
      return false;
    }
    const Clock::time_point now = Clock::now();
    own_limit_ = words.clocks_anew ? now + call_.policy.wall_time_max : own_limit_ + (now - *asked_at_);
    if (words.clocks_anew) cpu_clock_ = slot_.cpu_time_now();
    asked_at_.reset();
    // A child that waits has room for its answer; one that dies is told of by its pidfd.
    if (slot_.channel.send(words.text, words.descriptors, std::chrono::milliseconds(0)).ok() || slot_.wait_dead(kChannelWaitMax))
      return true;
    end_ = ProtocolBroken{"its answers were not read"};
    return false;
  }

  /// False at the stream's end.
  bool read_stream(const UniqueFd& stream, ConsoleKeeper& keeper, ConsoleStream which) {
    std::array<char, 65536> part;
    const ssize_t size = ::read(stream.get(), part.data(), part.size());
    if (size < 0) return errno == EAGAIN || errno == EINTR;
    if (size == 0) return false;
    const std::string_view bytes(part.data(), static_cast<std::size_t>(size));
    keeper.add(bytes);
    if (call_.on_console) call_.on_console(which, bytes);
    return true;
  }

  void drain(const UniqueFd& stream, ConsoleKeeper& keeper, ConsoleStream which) {
    for (int reads = 0; reads < kFinalReadsMax; ++reads) {
      pollfd ready{stream.get(), POLLIN, 0};
      if (::poll(&ready, 1, 0) <= 0 || !read_stream(stream, keeper, which)) return;
    }
  }

  std::uint64_t look_at_output(std::size_t i, Outcome& outcome) const {
    struct stat status {};
    outcome.output_bytes[i] = ::fstat(call_.outputs[i], &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
    return outcome.output_bytes[i];
  }

  /// Sizes of the outputs, which count only once nobody can write any more: a seal proves that of a process that still lives. False
  /// where the script holds a map of an output, or an output has no seals.
  bool seal_outputs(Outcome& outcome) const {
    outcome.output_bytes.assign(call_.outputs.size(), 0);
    for (std::size_t i = 0; i < call_.outputs.size(); ++i) {
      if (look_at_output(i, outcome) == 0) continue;  // nothing will be read
      if (!process::MemoryFile::try_seal(call_.outputs[i])) return false;
      look_at_output(i, outcome);
    }
    return true;
  }

  /// Likewise where only death proves it.
  void await_outputs(Outcome& outcome) {
    outcome.output_bytes.assign(call_.outputs.size(), 0);
    if (slot_.wait_dead(kDeathWaitMax)) {
      for (std::size_t i = 0; i < call_.outputs.size(); ++i) look_at_output(i, outcome);
      return;
    }
    // Stuck in the kernel. Its outputs cannot be trusted, so there are none.
    end_ = ProtocolBroken{"the process did not die"};
    reply_.clear();
  }

  /// Whoever maps a hole of a memory file pays for it: the engine would, for gigabytes that the script never had.
  void refuse_holes(Outcome& outcome) {
    for (std::size_t i = 0; i < call_.outputs.size(); ++i) {
      struct stat status {};
      if (outcome.output_bytes[i] == 0 || ::fstat(call_.outputs[i], &status) != 0) continue;
      const std::uint64_t held = static_cast<std::uint64_t>(status.st_blocks) * kBlockBytes;
      if (held >= outcome.output_bytes[i]) continue;
      if (std::holds_alternative<Replied>(end_))
        end_ = ProtocolBroken{"an output of " + std::to_string(outcome.output_bytes[i]) +
                              " bytes has holes: " + std::to_string(held) + " bytes were written"};
      outcome.output_bytes.assign(call_.outputs.size(), 0);
      reply_.clear();
      return;
    }
  }

  /// What the kernel knows of a death: its evidence goes before any guess from the signal.
  void explain_death(Outcome& outcome) {
    slot_.wait_dead(kDeathWaitMax);
    const CgroupReading reading = slot_.cgroup.reading();
    outcome.usage.memory_bytes_peak = std::max(outcome.usage.memory_bytes_peak, reading.memory_bytes_peak);
    const bool ended_by_us = std::holds_alternative<TimedOut>(end_) || std::holds_alternative<Cancelled>(end_) ||
                             std::holds_alternative<OverCpu>(end_) || std::holds_alternative<Refused>(end_);
    if (ended_by_us) return;
    const std::optional<Reaped> reaped = slot_.wait_reaped(kDeathWaitMax);
    if (reaped) {
      outcome.usage.cpu_time = std::max(outcome.usage.cpu_time, reaped->cpu_time);
      if (outcome.usage.memory_bytes_peak == 0) outcome.usage.memory_bytes_peak = reaped->resident_bytes_peak;
    }
    if (reading.oom_kills > 0) {
      end_ = OverMemory{slot_.policy.memory_bytes_max};
      return;
    }
    if (!reaped) {
      const std::string lost = slot_.lost();
      end_ = Lost{lost.empty() ? "nobody told how its process ended" : lost};
      return;
    }
    if (std::holds_alternative<ProtocolBroken>(end_)) return;
    const int status = reaped->wait_status;
    if (WIFEXITED(status)) {
      end_ = WEXITSTATUS(status) == kAbortStatus ? End(Signalled{SIGABRT}) : End(Exited{WEXITSTATUS(status)});
      return;
    }
    const int signal = WTERMSIG(status);
    const bool cpu_spent = reaped->cpu_time >= slot_.policy.cpu_time_max;
    if (signal == SIGSYS) {
      end_ = Forbidden{"a system call of a foreign architecture"};
    } else if (signal == SIGXCPU || (signal == SIGKILL && cpu_spent)) {
      end_ = OverCpu{call_.policy.cpu_time_max};
    } else {
      end_ = Signalled{signal};
    }
  }

  Slot& slot_;
  const Call& call_;
  ConsoleKeeper output_;
  ConsoleKeeper error_;
  Clock::time_point started_;
  End end_;
  std::string reply_;
  bool channel_closed_ = false;
  std::chrono::microseconds cpu_before_{};
  // What the limits count from: the start, or the last answer that says so.
  Clock::time_point own_limit_;
  std::chrono::microseconds cpu_clock_{};
  std::optional<Clock::time_point> asked_at_;  // a question is open since
  unsigned cores_ = core_count();
};

}  // namespace

Result<Outcome> run_in_slot(Slot& slot, const Call& call) { return SlotRun(slot, call).run(); }

}  // namespace wardian::sandbox
