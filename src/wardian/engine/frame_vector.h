#pragma once

#include "duckdb.h"
#include "wardian/base/result.h"
#include "wardian/columnar/batch.h"

namespace wardian::engine {

/// The engine's type for a column of plans; the caller owns it.
duckdb_logical_type engine_type(columnar::Type type);

/// Copies `rows` values into a fresh vector of engine_type(column.type). Dynamic values become canonical JSON, decimals
/// get the plan's scale; one that then has too many digits is an error.
Status fill_vector(duckdb_vector vector, const columnar::ColumnView& column, std::size_t rows);

}  // namespace wardian::engine
