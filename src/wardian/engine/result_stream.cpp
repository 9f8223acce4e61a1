// The one file that calls deprecated functions of the C API: it has no other form for results that stream.
#define DUCKDB_API_ALLOW_DEPRECATED 1

#include "wardian/engine/result_stream.h"

#include "wardian/engine/chunk_view.h"
#include "wardian/engine/connection_handle.h"
#include "wardian/engine/error_mapping.h"
#include "wardian/engine/lost_reason.h"

namespace wardian::engine {

using columnar::Batch;
using columnar::BatchStream;
using columnar::Schema;

namespace {

/// A failed statement has a message but no type, except as the message's first words.
duckdb_error_type type_of_message(std::string_view message) {
  if (message.starts_with("Out of Memory")) return DUCKDB_ERROR_OUT_OF_MEMORY;
  if (message.starts_with("IO Error")) return DUCKDB_ERROR_IO;
  if (message.starts_with("Out of Range") || message.starts_with("Conversion")) return DUCKDB_ERROR_OUT_OF_RANGE;
  if (message.starts_with("INTERRUPT")) return DUCKDB_ERROR_INTERRUPT;
  if (message.starts_with("Permission")) return DUCKDB_ERROR_PERMISSION;
  if (message.starts_with("Invalid Input")) return DUCKDB_ERROR_INVALID_INPUT;
  return DUCKDB_ERROR_BINDER;
}

/// How the engine wraps the error of a stream that failed before its next rows were fetched.
constexpr std::string_view kFailedBefore = "Attempting to execute an unsuccessful or closed pending query result\nError: ";

Error result_error(OwnedResult& result) {
  const char* const message = duckdb_result_error(result.get());
  const std::string_view text = message == nullptr ? "" : message;
  const std::size_t found = text.find(kFailedBefore);
  if (found == std::string_view::npos) return map_error(duckdb_result_error_type(result.get()), text);
  const std::string_view reason = text.substr(found + kFailedBefore.size());
  return map_error(type_of_message(reason), reason);
}

class ResultStream final : public BatchStream {
 public:
  ResultStream(Connection::Handle& connection, std::string sql, OwnedResult result, Schema schema,
               std::vector<ColumnLayout> layouts)
      : connection_(connection),
        sql_(std::move(sql)),
        result_(std::move(result)),
        schema_(std::move(schema)),
        layouts_(std::move(layouts)) {}

  const Schema& schema() const override { return schema_; }

  Result<std::optional<Batch>> next() override {
    for (;;) {
      OwnedChunk chunk(duckdb_fetch_chunk(*result_.get()));
      if (!chunk) {
        if (duckdb_result_error_type(result_.get()) != DUCKDB_ERROR_INVALID) return failure();
        return std::optional<Batch>();
      }
      if (duckdb_data_chunk_get_size(chunk.get()) == 0) continue;
      return std::optional<Batch>(view_chunk(std::move(chunk), layouts_));
    }
  }

 private:
  Error failure() {
    Error error = result_error(result_);
    if (error.code != ErrorCode::cancelled || connection_.interrupted) return error;
    result_ = OwnedResult();  // one statement at a time
    return lost_reason(connection_, sql_, std::move(error));
  }

  Connection::Handle& connection_;
  std::string sql_;
  OwnedResult result_;
  Schema schema_;
  std::vector<ColumnLayout> layouts_;
};

}  // namespace

Result<std::unique_ptr<BatchStream>> start_stream(Connection::Handle& connection, const std::string& sql, Schema schema) {
  connection.interrupted = false;
  OwnedStatement statement;
  if (duckdb_prepare(connection.connection.get(), sql.c_str(), statement.out()) != DuckDBSuccess) {
    const char* const message = duckdb_prepare_error(statement.get());
    const std::string_view text = message == nullptr ? "" : message;
    return map_error(type_of_message(text), text);
  }
  OwnedPending pending;
  if (duckdb_pending_prepared_streaming(statement.get(), pending.out()) != DuckDBSuccess) {
    const char* const message = duckdb_pending_error(pending.get());
    const std::string_view text = message == nullptr ? "" : message;
    return map_error(type_of_message(text), text);
  }
  OwnedResult result;
  if (duckdb_execute_pending(pending.get(), result.get()) != DuckDBSuccess) return result_error(result);
  WARDIAN_ASSIGN(std::vector<ColumnLayout> layouts, column_layouts(*result.get(), schema));
  return std::unique_ptr<BatchStream>(
      std::make_unique<ResultStream>(connection, sql, std::move(result), std::move(schema), std::move(layouts)));
}

}  // namespace wardian::engine
