#pragma once

#include "wardian/cli/commands.h"
#include "wardian/session/request.h"

namespace wardian::cli {

/// Tells the request where its Python calls are kept: all of them where --debug-python names a folder; else those that the query asks
/// for, in `wardian_debug` of the current folder. Errors: what stands in the way of a folder that was named.
Status keep_calls(const QueryOptions& options, session::Request& request);

/// Says on standard error what was kept; also that nothing was, where --debug-python asked for it.
void tell_calls_kept(const QueryOptions& options, const session::Request& request);

}  // namespace wardian::cli
