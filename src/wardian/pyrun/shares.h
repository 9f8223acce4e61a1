#pragma once

#include <vector>

#include "wardian/pyrun/call.h"

namespace wardian::pyrun {

/// Divides the rows of a frame, in order, into at most `count` nearly equal shares, none empty (one empty share for an
/// empty frame). The shares are parts of one frame where its rows can be divided so; small tables get a frame a share.
Result<std::vector<FrameInput>> split_into_shares(std::shared_ptr<const SealedFrame> whole, unsigned count);

}  // namespace wardian::pyrun
