#pragma once

#include <csignal>
#include <cstdint>

#include "wardian/process/cancel_token.h"

namespace wardian::cli {

/// While it lives, Ctrl-C (and SIGTERM, SIGHUP) cancels its token; a second one ends the program at once with status 130, unless
/// the program is to outlive what is cancelled. One at a time.
class InterruptScope {
 public:
  enum class Second : std::uint8_t { ends_the_program, changes_nothing };
  explicit InterruptScope(Second second = Second::ends_the_program);
  ~InterruptScope();
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;

  const process::CancelToken& token() const { return token_; }
  /// Whether it was SIGTERM or SIGHUP, which mean the program.
  static bool program_is_to_end();

 private:
  struct sigaction before_[3] = {};
  process::CancelToken token_;
};

}  // namespace wardian::cli
