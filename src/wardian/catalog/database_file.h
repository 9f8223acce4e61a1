#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "wardian/engine/database.h"

namespace wardian::catalog {

/// The database of a folder when none is named.
inline constexpr std::string_view kDefaultDatabase = "default";
/// Raised when what lies in the file changes its meaning; a file of another version is refused.
inline constexpr int kFormatVersion = 1;

/// A table as the catalogue knows it. `storage_table` and `storage_columns` are the engine's names, in which KQL's
/// case-sensitive ones may not be distinct.
struct StoredTable {
  std::string name;
  std::string storage_table;
  columnar::Schema schema;
  std::vector<std::string> storage_columns;
};

struct StoredFunctionText {
  std::string name;
  std::string parameters;
  std::string body;
};

/// One database of a folder: a file of the engine that holds data and, in its schema `wardian`, the catalogue: what
/// belongs together changes in one transaction.
class DatabaseFile {
 public:
  /// Attaches `folder/name.duckdb` to the engine. read_write makes folder, file and catalogue where there are none.
  /// Errors: file_not_found, database_busy naming the process that holds it, bad_database (no such file, other version).
  static Result<DatabaseFile> open(engine::Database& engine, const std::filesystem::path& folder, const std::string& name,
                                   engine::AttachMode mode);

  const std::string& name() const { return name_; }
  const std::filesystem::path& file() const { return file_; }
  /// The engine's name of the attached file; never that of a table or of another database.
  const std::string& alias() const { return alias_; }

  Result<std::vector<StoredTable>> tables(engine::Connection& connection) const;
  Result<std::vector<StoredFunctionText>> functions(engine::Connection& connection) const;

 private:
  DatabaseFile(std::string name, std::string alias, std::filesystem::path file)
      : name_(std::move(name)), alias_(std::move(alias)), file_(std::move(file)) {}

  std::string name_;
  std::string alias_;
  std::filesystem::path file_;
};

}  // namespace wardian::catalog
