#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "wardian/base/result.h"
#include "wardian/base/unique_fd.h"
#include "wardian/process/cancel_token.h"

namespace wardian::cli {

/// A port of this machine on which one client at a time may debug a script. Nobody else's machine reaches it.
class DapPort {
 public:
  /// 0 takes a free port. Errors: io.
  static Result<DapPort> listen(std::uint16_t port);
  std::uint16_t number() const { return number_; }
  int fd() const { return fd_.get(); }

 private:
  UniqueFd fd_;
  std::uint16_t number_ = 0;
};

/// Our ends of the two pipes to a script's process.
struct DebugPipes {
  UniqueFd to_script, from_script;
};

/// Hands messages to and fro until `script_end` is readable, which says that the script's process has ended, or the token is
/// cancelled. A client that goes away leaves the script to run on; another may come.
/// `exit_status` is asked for once the process has ended; the client is told. Errors: io, when the port is lost.
Status relay(const DapPort& port, DebugPipes pipes, int script_end, const process::CancelToken& token,
             const std::function<int()>& exit_status);

}  // namespace wardian::cli
