#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "wardian/base/result.h"
#include "wardian/sandbox/image.h"
#include "wardian/sandbox/level.h"

namespace wardian::sandbox {

/// One thing that was looked at, as a person and as a program reads it.
struct Finding {
  std::string name;   // "landlock_abi"
  std::string value;  // "7"
  bool good = true;   // false: it costs a level, or deserves a look
  std::string words;  // "Landlock ABI 7: files, TCP, signals and abstract sockets are restricted"
};

/// One built-in escape attempt, run for real in a sandbox.
struct ProbeResult {
  std::string name;  // "connect"
  bool held = false;
  std::string told;  // what the attempt met: "PermissionError: ..."
};

struct DoctorReport {
  Machine machine;
  LevelChoice choice;
  std::vector<Finding> findings;
  std::vector<ProbeResult> probes;
  std::chrono::microseconds slot_time{};   // to make one ready child
  std::chrono::microseconds probe_time{};  // one probe script, request to reply
  std::string failure;                     // why no probe could run; empty when they ran

  bool sound() const;  // a sandbox ran and every probe held
  std::string words() const;
  std::string json() const;
};

/// Looks at the machine and tries the sandbox of `image` on it.
Result<DoctorReport> examine(const Image& image);

}  // namespace wardian::sandbox
