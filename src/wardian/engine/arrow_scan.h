#pragma once

#include "duckdb.h"
#include "wardian/base/result.h"

namespace wardian::engine {

/// Makes `wardian_arrow('path')` a table function of the database: an Arrow file's columns under their names, in the engine's
/// types. Batches of a file are read in parallel, those of a stream one after the other; only the columns that a query asks for.
Status register_arrow_scan(duckdb_database database, duckdb_connection connection);

}  // namespace wardian::engine
