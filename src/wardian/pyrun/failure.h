#pragma once

#include "wardian/base/error.h"
#include "wardian/pyrun/reply.h"
#include "wardian/sandbox/outcome.h"

namespace wardian::pyrun {

/// The user's error for a run whose script or result failed: what went wrong, the traceback, and what the script printed.
Error error_of(const FailureReply& failure, const sandbox::Outcome& outcome);

/// Appends the end of what the script printed, made safe to show, to an error's message.
Error with_console(Error error, const sandbox::Outcome& outcome);

}  // namespace wardian::pyrun
