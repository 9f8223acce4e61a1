#pragma once

#include "duckdb.h"
#include "wardian/base/result.h"

namespace wardian::engine {

/// Makes every row of kernels/kernel_table.h and kernels/aggregate_table.h an SQL function of the same name. Functions
/// belong to the database instance: one connection of it is enough.
Status register_kernels(duckdb_connection connection);

}  // namespace wardian::engine
