#pragma once

#include <optional>
#include <string_view>

#include "wardian/base/unique_fd.h"
#include "wardian/process/child.h"

namespace wardian::cli {

/// What long answers are read through: $PAGER, else less, else more.
class Pager {
 public:
  /// Whether the text is higher than the screen.
  static bool is_wanted(std::string_view text, int width, int height);

  /// Starts it. -1 where there is none, else where it is to be written to.
  int start(bool coloured);
  /// Ends its input and waits until it is left.
  void finish();

 private:
  std::optional<process::Child> child_;
  UniqueFd to_;
};

}  // namespace wardian::cli
