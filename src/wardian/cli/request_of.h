#pragma once

#include "wardian/cli/commands.h"
#include "wardian/session/request.h"

namespace wardian::cli {

/// What the command line says as a request; its deadline counts from now. `token` outlives it.
session::Request request_of(const QueryOptions& options, const process::CancelToken& token);

}  // namespace wardian::cli
