#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wardian/columnar/batch.h"
#include "wardian/columnar/value.h"

namespace wardian::engine {

/// A column as the engine names its type: "TIMESTAMP", "DECIMAL(18,3)", "STRUCT(a INTEGER)[]".
struct ForeignColumn {
  std::string name;
  std::string type;
};

using Row = std::vector<columnar::Value>;

/// One session of the engine: its transaction, its temporary tables. Used by one thread at a time, except for
/// `interrupt` and `progress`. Temporary tables go with it.
class Connection {
 public:
  /// For Database; wraps the engine's own handle.
  class Handle;
  explicit Connection(std::unique_ptr<Handle> handle);
  Connection(Connection&&) noexcept;
  ~Connection();

  /// Runs a statement whose rows nobody wants; `?` in it take `parameters` in order.
  Status execute(std::string_view sql, std::span<const columnar::Value> parameters = {});

  /// From here on every statement sees the database as it is now, until the connection ends.
  Status hold_snapshot();

  /// Starts a query whose result has this schema (see plan::SqlPiece for how types stand in SQL). Rows come as they are
  /// made; the stream must be drained or dropped before the connection's next statement, and dropped before the connection.
  Result<std::unique_ptr<columnar::BatchStream>> query(std::string_view sql, columnar::Schema schema);

  /// All rows of a small result, as values.
  Result<std::vector<Row>> rows(std::string_view sql, const columnar::Schema& schema);

  /// Columns that the query would give, without running it.
  Result<std::vector<ForeignColumn>> describe(std::string_view sql);

  /// Ends the statement that is running now, from any thread; one that has not begun is not touched. The engine may take
  /// 0.4–0.8 s inside big aggregates.
  void interrupt();
  /// Has the engine keep count of how far it is, from the next statement on.
  Status watch_progress();
  /// Of the running statement, 0–100; below 0 when unknown or not watched. From any thread.
  double progress_percent() const;

  /// The engine's handle, for the other files of engine/.
  Handle& handle() { return *handle_; }

 private:
  std::unique_ptr<Handle> handle_;
};

/// The value in one cell of a column.
columnar::Value cell_value(const columnar::ColumnView& column, std::size_t row);

/// BEGIN now, ROLLBACK in the destructor unless committed.
class Transaction {
 public:
  static Result<Transaction> begin(Connection& connection);
  Transaction(Transaction&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
  Transaction& operator=(Transaction&& other) noexcept {
    std::swap(connection_, other.connection_);
    return *this;
  }
  ~Transaction();
  Status commit();

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}
  Connection* connection_ = nullptr;
};

}  // namespace wardian::engine
