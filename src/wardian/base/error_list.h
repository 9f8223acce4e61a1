#pragma once

#include <cstddef>
#include <vector>

#include "wardian/base/error.h"

namespace wardian {

/// Mistakes of one text, found one beside the other. Of one place the first is kept: the next ones follow from it.
class ErrorList {
 public:
  /// More than these are told of no text; whoever looks for them may stop.
  static constexpr std::size_t kMost = 20;

  void add(Error error);
  bool empty() const { return errors_.empty(); }
  bool full() const { return errors_.size() >= kMost; }

  /// The first by place, with the others as its `further`; those without a place come last. Empties the list, which has some.
  Error joined() &&;

 private:
  std::vector<Error> errors_;
};

}  // namespace wardian
