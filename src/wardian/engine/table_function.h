#pragma once

#include <duckdb.h>

#include "wardian/base/result.h"

namespace wardian::engine {

/// What the engine calls for one of our tables: `wardian_…('name')`, whose only argument is a text.
struct TableFunction {
  const char* name;
  const char* what;  // for a message: "frames"
  duckdb_table_function_bind_t bind;
  duckdb_table_function_init_t start;
  duckdb_table_function_init_t start_thread;
  duckdb_table_function_t scan;
  void* extra = nullptr;  // not owned; outlives the connection
};

/// Only the columns that a query asks for are scanned.
Status register_table_function(duckdb_connection connection, const TableFunction& table);

}  // namespace wardian::engine
