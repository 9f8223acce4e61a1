#pragma once

#include "duckdb.h"
#include "wardian/base/result.h"

namespace wardian::engine {

/// Makes `wardian_frame('name')` a table function of the database instance; see show_frames.
Status register_frame_scan(duckdb_connection connection);

/// Makes `wardian_export(number, columns…)` a scalar function of the database instance; see export_rows.
Status register_frame_export(duckdb_connection connection);

}  // namespace wardian::engine
