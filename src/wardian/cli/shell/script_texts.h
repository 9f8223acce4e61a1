#pragma once

#include <optional>
#include <string>

#include "wardian/cli/line_source.h"

namespace wardian::cli {

/// The texts of a script, one after the other: set apart by empty lines outside of brackets and quotes; a command, which begins with a
/// dot, ends with its line.
class ScriptTexts {
 public:
  ScriptTexts(int fd, const process::CancelToken* token) : lines_(fd, token) {}

  struct Text {
    std::string text;
    std::size_t line = 1;  // of the script, where it begins
  };
  /// Nothing at the end, or once the token is cancelled.
  Result<std::optional<Text>> next();

 private:
  LineSource lines_;
  std::size_t line_ = 0;  // how many were read
};

}  // namespace wardian::cli
