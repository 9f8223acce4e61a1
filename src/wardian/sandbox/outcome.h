#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "wardian/base/error.h"
#include "wardian/process/resource_usage.h"

namespace wardian::sandbox {

// How a run ended: exactly one of these. Only `Replied` carries an answer; what the answer says is the entry module's affair.
struct Replied {};  // the entry's `serve` returned
struct Exited {
  int status = 0;
};  // ended by itself without a reply
struct Signalled {
  int signal = 0;
};  // crashed
struct TimedOut {
  std::chrono::milliseconds limit{};
  bool by_query = false;
  bool in_dialogue = false;
};  // by_query: the request's deadline, not the limit; in_dialogue: counted from the last answer of the call's dialogue
struct Cancelled {};
struct OverMemory {
  std::uint64_t limit_bytes = 0;
};  // only on the kernel's evidence
struct OverCpu {
  std::chrono::seconds limit{};
};
struct Forbidden {
  std::string what;
};  // killed for a system call of a foreign architecture
struct ProtocolBroken {
  std::string what;
};  // the control channel spoke nonsense: the script tampered with it
struct Lost {
  std::string what;
};  // ended from outside, with the zygote or launcher it hung on; the script is not to blame

struct Refused {
  Error error;
};  // by the call's dialogue, in its own words

using End =
    std::variant<Replied, Exited, Signalled, TimedOut, Cancelled, OverMemory, OverCpu, Forbidden, ProtocolBroken, Lost, Refused>;

/// One stream of the console: its start, its end, and what was dropped between. Bytes as written: see console.h before showing them.
struct ConsoleText {
  std::string head;
  std::string tail;
  std::uint64_t bytes_total = 0;
  std::uint64_t bytes_dropped = 0;
  /// Head and tail with a line between that counts what was dropped.
  std::string joined() const;
};

/// The whole story of one run.
struct Outcome {
  End end;
  std::string reply;  // empty unless Replied; at most kReplyBytesMax; untrusted bytes
  ConsoleText standard_output;
  ConsoleText standard_error;
  process::ResourceUsage usage;
  /// Final sizes of the call's outputs, same order. Read an output only when its size here is not zero: then, and only then, it is
  /// sealed, or every process that could still write to it is dead. (`run` may have returned while the child was still dying.)
  std::vector<std::uint64_t> output_bytes;

  bool replied() const { return std::holds_alternative<Replied>(end); }
};

inline constexpr std::uint64_t kReplyBytesMax = 64 << 10;

/// "replied", "timed_out", "over_memory", ...: stable, for tests and logs.
std::string_view end_name(const End& end);
/// The user's error for an end that is not `Replied`: a stable code, a message with the limit in it, a hint with its flag.
/// Console texts are not part of it; the caller adds them.
Error error_of(const Outcome& outcome);

}  // namespace wardian::sandbox
