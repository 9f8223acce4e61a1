#pragma once

#include <functional>

#include "wardian/catalog/database_file.h"
#include "wardian/catalog/foreign_file.h"

namespace wardian::catalog {

enum class IfTableExists : std::uint8_t { refuse, append, replace };

struct Import {
  std::vector<std::filesystem::path> files;
  std::string table;
  std::optional<columnar::Schema> declared;  // columns to take and their types; else inferred from the first file
  IfTableExists if_exists = IfTableExists::refuse;
  std::function<void(const std::string& step)> on_step = {};  // what begins now, in words
};

struct Imported {
  std::uint64_t rows = 0;
  columnar::Schema schema;
};

/// Reads the files into the table, in one transaction: all rows of all files, or nothing. All must have the columns of the first,
/// or those that are declared. Errors: those of open_foreign_file, table_exists, bad_file naming the file, the column and the text
/// that does not fit, unknown_name for a column that the table lacks, type_mismatch when appended columns differ.
Result<Imported> import_files(engine::Connection& connection, const DatabaseFile& database, const Import& import);

}  // namespace wardian::catalog
