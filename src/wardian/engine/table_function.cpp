#include "wardian/engine/table_function.h"

#include <string>

#include "wardian/engine/handles.h"

namespace wardian::engine {

Status register_table_function(duckdb_connection connection, const TableFunction& table) {
  duckdb_table_function function = duckdb_create_table_function();
  duckdb_table_function_set_name(function, table.name);
  const OwnedType text(duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR));
  duckdb_table_function_add_parameter(function, text.get());
  if (table.extra != nullptr) duckdb_table_function_set_extra_info(function, table.extra, nullptr);
  duckdb_table_function_set_bind(function, table.bind);
  duckdb_table_function_set_init(function, table.start);
  duckdb_table_function_set_local_init(function, table.start_thread);
  duckdb_table_function_set_function(function, table.scan);
  duckdb_table_function_supports_projection_pushdown(function, true);
  const duckdb_state state = duckdb_register_table_function(connection, function);
  duckdb_destroy_table_function(&function);
  if (state != DuckDBSuccess)
    return Error{ErrorCode::internal, std::string("The engine refuses the scan of ") + table.what, {}, {}};
  return {};
}

}  // namespace wardian::engine
