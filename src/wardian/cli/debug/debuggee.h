#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "wardian/base/unique_fd.h"
#include "wardian/cli/commands.h"
#include "wardian/cli/debug/kept_call.h"

namespace wardian::cli {

/// A kept call that runs. Its destructor ends it.
class Debuggee {
 public:
  virtual ~Debuggee() = default;
  /// Readable once it has ended.
  virtual int end_fd() const = 0;
  /// After the end: shows what is left to be shown; the status of the command.
  virtual int finish() = 0;
};

/// A debugger's line into the call: where debugpy is, and the script's ends of two pipes.
struct DebugLine {
  std::filesystem::path debugger;
  UniqueFd from_client, to_client;
};

/// In a process of its own, which may do what the user may do.
Result<std::unique_ptr<Debuggee>> start_process(const KeptCall& call, std::optional<DebugLine> line);

/// In a sandbox within `surroundings.sandbox`.
Result<std::unique_ptr<Debuggee>> start_confined(KeptCall call, const Surroundings& surroundings, std::optional<DebugLine> line);

/// Where debugpy is: beside our own Python package, or in the default image. Error: sandbox_unavailable.
Result<std::filesystem::path> find_debugger();

}  // namespace wardian::cli
