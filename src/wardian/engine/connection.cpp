#include "wardian/engine/connection.h"

#include "wardian/engine/connection_handle.h"
#include "wardian/engine/error_mapping.h"
#include "wardian/engine/result_stream.h"

namespace wardian::engine {

using columnar::Batch;
using columnar::BatchStream;
using columnar::Schema;
using columnar::Type;
using columnar::Value;

namespace {

OwnedValue engine_value(const Value& value) {
  if (value.is_null()) return OwnedValue(duckdb_create_null_value());
  switch (value.type) {
    case Type::boolean: return OwnedValue(duckdb_create_bool(std::get<bool>(value.held)));
    case Type::int32:
    case Type::int64:
    case Type::datetime:
    case Type::timespan: return OwnedValue(duckdb_create_int64(std::get<std::int64_t>(value.held)));
    case Type::real: return OwnedValue(duckdb_create_double(std::get<double>(value.held)));
    case Type::decimal:
    case Type::string:
    case Type::dynamic:
    case Type::guid: break;
  }
  const std::string& text = std::get<std::string>(value.held);
  return OwnedValue(duckdb_create_varchar_length(text.data(), text.size()));
}

Error failed(OwnedResult& result) {
  const char* const message = duckdb_result_error(result.get());
  return map_error(duckdb_result_error_type(result.get()), message == nullptr ? "" : message);
}

}  // namespace

Connection::Connection(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection::~Connection() = default;

Status Connection::execute(std::string_view sql, std::span<const Value> parameters) {
  OwnedResult result;
  const std::string text(sql);
  if (parameters.empty()) {
    if (duckdb_query(handle_->connection.get(), text.c_str(), result.get()) != DuckDBSuccess) return failed(result);
    return {};
  }
  OwnedStatement statement;
  if (duckdb_prepare(handle_->connection.get(), text.c_str(), statement.out()) != DuckDBSuccess) {
    const char* const message = duckdb_prepare_error(statement.get());
    return map_error(DUCKDB_ERROR_BINDER, message == nullptr ? "" : message);
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (duckdb_bind_value(statement.get(), i + 1, engine_value(parameters[i]).get()) != DuckDBSuccess)
      return Error{ErrorCode::internal, "A statement does not take parameter " + std::to_string(i + 1), {}, {}};
  }
  if (duckdb_execute_prepared(statement.get(), result.get()) != DuckDBSuccess) return failed(result);
  return {};
}

Status Connection::hold_snapshot() { return execute("BEGIN TRANSACTION"); }

Result<std::unique_ptr<BatchStream>> Connection::query(std::string_view sql, Schema schema) {
  return start_stream(*handle_, std::string(sql), std::move(schema));
}

Result<std::vector<Row>> Connection::rows(std::string_view sql, const Schema& schema) {
  WARDIAN_ASSIGN(const std::unique_ptr<BatchStream> stream, query(sql, schema));
  std::vector<Row> rows;
  for (;;) {
    WARDIAN_ASSIGN(const std::optional<Batch> batch, stream->next());
    if (!batch) return rows;
    for (std::size_t row = 0; row < batch->rows; ++row) {
      Row& values = rows.emplace_back();
      for (const columnar::ColumnView& column : batch->columns) values.push_back(cell_value(column, row));
    }
  }
}

Result<std::vector<ForeignColumn>> Connection::describe(std::string_view sql) {
  const Schema schema = {{"column_name", Type::string}, {"column_type", Type::string}};
  const std::string text = "SELECT column_name, column_type FROM (DESCRIBE " + std::string(sql) + ")";
  WARDIAN_ASSIGN(std::vector<Row> described, rows(text, schema));
  std::vector<ForeignColumn> columns;
  for (Row& row : described)
    columns.push_back({std::get<std::string>(std::move(row[0].held)), std::get<std::string>(std::move(row[1].held))});
  return columns;
}

void Connection::interrupt() {
  handle_->interrupted = true;
  duckdb_interrupt(handle_->connection.get());
}

Status Connection::watch_progress() {
  WARDIAN_TRY(execute("SET enable_progress_bar = true"));
  WARDIAN_TRY(execute("SET enable_progress_bar_print = false"));
  return execute("SET progress_bar_time = 0");
}

double Connection::progress_percent() const { return duckdb_query_progress(handle_->connection.get()).percentage; }

Result<Transaction> Transaction::begin(Connection& connection) {
  WARDIAN_TRY(connection.execute("BEGIN TRANSACTION"));
  return Transaction(connection);
}

Transaction::~Transaction() {
  // Fails only when the engine has rolled back by itself, which is what is wanted.
  if (connection_ != nullptr) static_cast<void>(connection_->execute("ROLLBACK").ok());
}

Status Transaction::commit() {
  Connection& connection = *std::exchange(connection_, nullptr);
  return connection.execute("COMMIT");
}

}  // namespace wardian::engine
