#pragma once

#include "wardian/catalog/database_file.h"
#include "wardian/catalog/foreign_file.h"

namespace wardian::catalog {

enum class IfTableExists : std::uint8_t { refuse, append, replace };

struct Import {
  std::vector<std::filesystem::path> files;
  std::string table;
  std::optional<columnar::Schema> declared;  // columns to take and their types; else inferred from the first file
  IfTableExists if_exists = IfTableExists::refuse;
};

struct Imported {
  std::uint64_t rows = 0;
  columnar::Schema schema;
};

/// Reads the files into the table, in one transaction: all rows of all files, or nothing. Later files must have the
/// columns of the first. Errors: those of open_foreign_file, table_exists, bad_file naming the file, the column and the text
/// that does not fit, type_mismatch when appended columns differ.
Result<Imported> import_files(engine::Connection& connection, const DatabaseFile& database, const Import& import);

}  // namespace wardian::catalog
