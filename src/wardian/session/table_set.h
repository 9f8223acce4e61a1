#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "wardian/catalog/database_file.h"
#include "wardian/engine/connection.h"
#include "wardian/kql/bind.h"

namespace wardian::session {

/// What the engine calls the files that are shown as tables, before a number.
inline constexpr char kFileView[] = "file_";

/// The tables and functions that queries may name: those of one database, and files shown as tables. Settled before the
/// first query runs; read by all.
class TableSet final : public kql::Tables {
 public:
  /// Shows a file as table `name` without importing it. Errors: those of catalog::open_foreign_file, duplicate_name.
  Status show_file(engine::Connection& connection, const std::string& name, const std::filesystem::path& file);

  /// Adds what the database holds. It becomes the one that queries mean when they name none.
  Status add_database(engine::Connection& connection, const catalog::DatabaseFile& database);

  /// A table or function that binding finds; there are no rows. False where the name is taken.
  bool declare_table(const std::string& name, columnar::Schema schema);
  bool declare_function(const std::string& name, kql::StoredFunction function);

  std::string default_database() const override { return database_; }
  Result<std::optional<plan::NodePtr>> find(std::string_view database, std::string_view name) override;
  Result<std::optional<kql::StoredFunction>> function(std::string_view database, std::string_view name) override;
  std::vector<std::string> table_names(std::string_view database) override;
  std::vector<std::string> function_names(std::string_view database) override;

 private:
  bool known(std::string_view database) const { return database.empty() || database == database_; }

  std::string database_{catalog::kDefaultDatabase};
  std::map<std::string, plan::NodePtr, std::less<>> tables_;
  std::map<std::string, kql::StoredFunction, std::less<>> functions_;
  std::size_t files_ = 0;
};

}  // namespace wardian::session
