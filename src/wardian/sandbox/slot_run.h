#pragma once

#include "wardian/sandbox/outcome.h"
#include "wardian/sandbox/pool.h"
#include "wardian/sandbox/slot.h"

namespace wardian::sandbox {

/// Serves one call in a ready slot, on the calling thread: sends the request, reads the console, watches clock, cancellation and death,
/// kills, and tells how it ended. Afterwards the slot is good for burial only.
/// An Error only when the child was found dead before it could take the request.
Result<Outcome> run_in_slot(Slot& slot, const Call& call);

}  // namespace wardian::sandbox
