#pragma once

#include <string>

#include "wardian/base/result.h"
#include "wardian/process/child.h"
#include "wardian/process/message_socket.h"
#include "wardian/sandbox/image.h"
#include "wardian/sandbox/launch_layout.h"

namespace wardian::sandbox {

/// One launcher and its zygote, from our side: two sockets and what they print when something goes wrong.
class ZygoteLink {
 public:
  static Result<ZygoteLink> start(const Parts& parts, const Launch& launch);

  const process::MessageSocket& launcher() const { return launcher_socket_; }
  const process::MessageSocket& zygote() const { return zygote_socket_; }

  /// Tells the launcher to remove nothing when we hang up: another one takes over.
  void keep() const;
  /// What launcher and zygote wrote to their standard error so far, its last lines.
  std::string complaints();
  /// Readable when there is more of it; -1 at its end.
  int complaints_fd() const { return complaints_.get(); }
  /// Hangs up and returns at once; `ended` tells when the launcher is gone and reaped.
  void hang_up();
  bool ended();
  /// Hangs up and waits for the launcher to have cleaned up, at most so long. The destructor does it as well.
  void stop(std::chrono::milliseconds wait_max);

  ZygoteLink() = default;
  ZygoteLink(ZygoteLink&&) = default;
  ZygoteLink& operator=(ZygoteLink&&) = default;
  ~ZygoteLink();

 private:
  process::Child launcher_;
  process::MessageSocket launcher_socket_;
  process::MessageSocket zygote_socket_;
  UniqueFd complaints_;
  std::string complaints_text_;
};

}  // namespace wardian::sandbox
