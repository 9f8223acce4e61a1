#include "wardian/sandbox/outcome.h"

#include <signal.h>

#include "wardian/base/byte_text.h"
#include "wardian/base/overloaded.h"

namespace wardian::sandbox {
namespace {

Error error_with(ErrorCode code, std::string message, std::string hint = {}) {
  return Error{code, std::move(message), {}, std::move(hint)};
}

std::string signal_words(int signal) {
  switch (signal) {
    case SIGSEGV: return "SIGSEGV: invalid memory access";
    case SIGABRT: return "SIGABRT: abort";
    case SIGBUS: return "SIGBUS: bus error";
    case SIGFPE: return "SIGFPE: arithmetic error";
    case SIGILL: return "SIGILL: illegal instruction";
    case SIGKILL: return "SIGKILL: killed from outside";
    default: return "signal " + std::to_string(signal);
  }
}

}  // namespace

std::string_view end_name(const End& end) {
  return std::visit(overloaded{[](const Replied&) { return std::string_view("replied"); },
                               [](const Exited&) { return std::string_view("exited"); },
                               [](const Signalled&) { return std::string_view("signalled"); },
                               [](const TimedOut&) { return std::string_view("timed_out"); },
                               [](const Cancelled&) { return std::string_view("cancelled"); },
                               [](const OverMemory&) { return std::string_view("over_memory"); },
                               [](const OverCpu&) { return std::string_view("over_cpu"); },
                               [](const Forbidden&) { return std::string_view("forbidden"); },
                               [](const ProtocolBroken&) { return std::string_view("protocol_broken"); },
                               [](const Lost&) { return std::string_view("lost"); },
                               [](const Refused&) { return std::string_view("refused_by_dialogue"); }},
                    end);
}

Error error_of(const Outcome& outcome) {
  return std::visit(
      overloaded{
          [](const Replied&) { return error_with(ErrorCode::internal, "the Python call replied, which is no error"); },
          [](const Exited& end) {
            return error_with(ErrorCode::no_result,
                              "The script ended the process without a result: exit status " + std::to_string(end.status),
                              "Let the script run to its end instead of calling os._exit");
          },
          [](const Signalled& end) {
            return error_with(
                ErrorCode::crashed, "The script's process crashed: " + signal_words(end.signal),
                end.signal == SIGKILL ? std::string() : "Native code went wrong: look at compiled packages and ctypes");
          },
          [](const TimedOut& end) {
            if (end.by_query) return error_with(ErrorCode::timeout, "The request's time ran out while the script ran");
            return error_with(ErrorCode::time_limit,
                              "The script ran longer than its limit: " + std::to_string(end.limit.count()) + " ms" +
                                  (end.in_dialogue ? " without asking for more" : ""),
                              "Raise the limit with --sandbox-time");
          },
          [](const Cancelled&) { return error_with(ErrorCode::cancelled, "The request was cancelled while the script ran"); },
          [](const OverMemory& end) {
            return error_with(ErrorCode::memory_limit,
                              "The script needed more memory than its limit: " + in_mebibytes(end.limit_bytes),
                              "Raise the limit with --sandbox-memory");
          },
          [](const OverCpu& end) {
            return error_with(ErrorCode::cpu_limit,
                              "The script used more CPU time than its limit: " + std::to_string(end.limit.count()) + " s");
          },
          [](const Forbidden& end) { return error_with(ErrorCode::crashed, "The script's process was ended: " + end.what); },
          [](const ProtocolBroken& end) {
            return error_with(ErrorCode::bad_result, "The script tampered with its result: " + end.what);
          },
          [](const Lost& end) {
            return error_with(ErrorCode::sandbox_unavailable, "The sandbox was lost while the script ran: " + end.what,
                              "Ask again: the script is not to blame");
          },
          [](const Refused& end) { return end.error; }},
      outcome.end);
}

}  // namespace wardian::sandbox
