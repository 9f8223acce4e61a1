#include "wardian/sandbox/outcome.h"

#include <gtest/gtest.h>

#include "wardian/sandbox/policy.h"

namespace wardian::sandbox {
namespace {

TEST(Outcome, EachEndHasItsStableCode) {
  const struct {
    End end;
    const char* name;
    ErrorCode code;
    const char* mentions;
  } cases[] = {
      {Exited{3}, "exited", ErrorCode::no_result, "exit status 3"},
      {Signalled{11}, "signalled", ErrorCode::crashed, "SIGSEGV"},
      {TimedOut{std::chrono::milliseconds(50), false}, "timed_out", ErrorCode::time_limit, "50 ms"},
      {TimedOut{std::chrono::milliseconds(50), true}, "timed_out", ErrorCode::timeout, "request"},
      {Cancelled{}, "cancelled", ErrorCode::cancelled, "cancelled"},
      {OverMemory{std::uint64_t{64} << 20}, "over_memory", ErrorCode::memory_limit, "64 MiB"},
      {OverCpu{std::chrono::seconds(7)}, "over_cpu", ErrorCode::cpu_limit, "7 s"},
      {Forbidden{"this"}, "forbidden", ErrorCode::crashed, "this"},
      {ProtocolBroken{"that"}, "protocol_broken", ErrorCode::bad_result, "that"},
      {Lost{"a zygote"}, "lost", ErrorCode::sandbox_unavailable, "a zygote"},
  };
  for (const auto& one : cases) {
    Outcome outcome;
    outcome.end = one.end;
    EXPECT_EQ(end_name(outcome.end), one.name);
    EXPECT_FALSE(outcome.replied());
    const Error error = error_of(outcome);
    EXPECT_EQ(error.code, one.code) << one.name;
    EXPECT_NE(error.message.find(one.mentions), std::string::npos) << error.message;
  }
}

TEST(Policy, BoundsAreChecked) {
  const struct {
    const char* what;
    void (*change)(Policy&);
    bool fine;
  } cases[] = {
      {"the defaults", [](Policy&) {}, true},
      {"least memory", [](Policy& p) { p.memory_bytes_max = kMemoryBytesMin; }, true},
      {"too little memory", [](Policy& p) { p.memory_bytes_max = kMemoryBytesMin - 1; }, false},
      {"too much memory", [](Policy& p) { p.memory_bytes_max = kMemoryBytesMax + 1; }, false},
      {"no time", [](Policy& p) { p.wall_time_max = std::chrono::milliseconds(0); }, false},
      {"no cpu", [](Policy& p) { p.cpu_percent_max = 0; }, false},
      {"all cpu", [](Policy& p) { p.cpu_percent_max = 100; }, true},
      {"more than all", [](Policy& p) { p.cpu_percent_max = 101; }, false},
      {"no scratch", [](Policy& p) { p.scratch_bytes_max = 0; }, false},
      {"no tasks", [](Policy& p) { p.tasks_max = 0; }, false},
      {"few descriptors", [](Policy& p) { p.descriptors_max = 3; }, false},
  };
  for (const auto& one : cases) {
    Policy policy;
    one.change(policy);
    const Status status = check(policy);
    EXPECT_EQ(status.ok(), one.fine) << one.what;
    if (!status.ok()) {
      EXPECT_EQ(status.error().code, ErrorCode::bad_argument) << one.what;
    }
  }
}

}  // namespace
}  // namespace wardian::sandbox
