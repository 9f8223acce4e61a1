#pragma once

#include <string>

#include "wardian/base/error.h"
#include "wardian/engine/connection.h"

namespace wardian::engine {

/// Why a stream failed that says it was interrupted, when nobody interrupted it. The engine stops a statement's threads by the same
/// means when one of them meets an error; whoever fetches rows at that moment hears of the means alone (DuckDB 1.5,
/// SimpleBufferedData::ExecuteTaskInternal). The reason comes out when all rows are made at once, so the statement is run again, its
/// rows thrown away. That ends the transaction; a statement over what the transaction itself made cannot be run then. `told`, where no
/// reason is found.
Error lost_reason(Connection::Handle& connection, const std::string& sql, Error told);

}  // namespace wardian::engine
