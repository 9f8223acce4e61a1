#pragma once

#include "wardian/process/cancel_token.h"

namespace wardian::cli {

/// While it lives, Ctrl-C (and SIGTERM, SIGHUP) cancels its token; a second one ends the program at once with status 130.
/// One at a time.
class InterruptScope {
 public:
  InterruptScope();
  ~InterruptScope();
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;

  const process::CancelToken& token() const { return token_; }

 private:
  process::CancelToken token_;
};

}  // namespace wardian::cli
