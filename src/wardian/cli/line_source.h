#pragma once

#include <optional>
#include <string>

#include "wardian/base/result.h"
#include "wardian/process/cancel_token.h"

namespace wardian::cli {

/// The lines of a descriptor, each as soon as it is whole, waited for no longer than the token allows.
class LineSource {
 public:
  /// `token` may be null. `fd` is not closed.
  explicit LineSource(int fd, const process::CancelToken* token) : fd_(fd), token_(token) {}

  /// The next line without its line feed; nothing at the end or once the token is cancelled. A line longer than
  /// `kLineBytesMax` is read to its end and answered with the error text_too_long.
  Result<std::optional<std::string>> next();

  static constexpr std::size_t kLineBytesMax = std::size_t{64} << 20;

 private:
  /// False at the end, when cancelled, and when reading fails.
  bool fill();

  int fd_;
  const process::CancelToken* token_;
  std::string held_;  // read and not yet given out, from `begin_` on
  std::size_t begin_ = 0;
  std::size_t searched_ = 0;  // no line feed lies before it
};

}  // namespace wardian::cli
