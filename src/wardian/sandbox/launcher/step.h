#pragma once

#include <cerrno>
#include <cstring>
#include <string>

namespace wardian::sandbox::launcher {

/// Empty for success, else what failed and why. The launcher has no other kind of error: it reports one and ends.
using Failure = std::string;

inline Failure failed(const std::string& what) { return what + ": " + std::strerror(errno); }

}  // namespace wardian::sandbox::launcher

/// Leaves the enclosing function with the failure of a step, if it has one.
#define WARDIAN_STEP(expression)                                                                  \
  do {                                                                                            \
    if (Failure wardian_failure = (expression); !wardian_failure.empty()) return wardian_failure; \
  } while (false)
