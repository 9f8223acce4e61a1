#include "wardian/engine/lost_reason.h"

#include "wardian/engine/connection_handle.h"
#include "wardian/engine/error_mapping.h"

namespace wardian::engine {

Error lost_reason(Connection::Handle& connection, const std::string& sql, Error told) {
  // Fails where each statement is a transaction of its own, and the failed one has ended already.
  static_cast<void>(duckdb_query(connection.connection.get(), "ROLLBACK", nullptr));
  if (connection.interrupted) return told;
  // All of each row is asked for, or the engine would leave out the column that fails.
  const std::string again = "SELECT bit_xor(hash(again)) FROM (" + sql + ") AS again";
  OwnedResult result;
  if (duckdb_query(connection.connection.get(), again.c_str(), result.get()) != DuckDBSuccess) {
    const duckdb_error_type type = duckdb_result_error_type(result.get());
    const char* const message = duckdb_result_error(result.get());
    if (type != DUCKDB_ERROR_CATALOG && type != DUCKDB_ERROR_BINDER) return map_error(type, message == nullptr ? "" : message);
  }
  told.code = ErrorCode::execution;
  told.message = "The engine met an error in the query's rows, and cannot say which";
  told.hint = "Run its parts alone to find it.";
  return told;
}

}  // namespace wardian::engine
