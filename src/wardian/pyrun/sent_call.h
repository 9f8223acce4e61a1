#pragma once

#include <span>

#include "wardian/pyrun/request.h"

namespace wardian::pyrun {

/// A call as it goes into its sandbox. What is pointed to lasts as long as the telling.
struct SentCall {
  const Call& call;
  std::span<const InputSlice> inputs;
};

}  // namespace wardian::pyrun
