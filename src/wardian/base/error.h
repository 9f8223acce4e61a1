#pragma once

#include <optional>
#include <string>
#include <vector>

#include "wardian/base/error_codes.h"
#include "wardian/base/source_span.h"

namespace wardian {

/// A user's mistake or a run's failure, told once and passed up as a value.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message = {};             // what is wrong, then the value after a colon: "Unknown function: strlenn"
  std::optional<SourceSpan> span = {};  // the place in the request's text, if there is one
  std::string hint = {};                // what to do next: "Did you mean strlen?"; may be empty
  std::vector<Error> further = {};      // mistakes found beside this one, in the order of the text; they have none of their own
};

}  // namespace wardian
