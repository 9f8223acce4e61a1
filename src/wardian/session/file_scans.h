#pragma once

#include <string>

#include "wardian/engine/connection.h"

namespace wardian::session {

/// How the engine would scan the Parquet files of a query, a line each: the columns that it reads, and the filters that it
/// applies while it reads, by which whole groups of rows are passed over. Empty where there are none. Runs nothing.
Result<std::string> file_scans(engine::Connection& connection, const std::string& sql);

}  // namespace wardian::session
