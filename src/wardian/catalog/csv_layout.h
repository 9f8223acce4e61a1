#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "wardian/engine/connection.h"
#include "wardian/sqltree/tree.h"

namespace wardian::catalog {

/// How a file of separated values is written. Only this is told from its first rows by the engine; the types of its columns
/// are ours to tell, because the engine's own readers cut 1.5 to 2 in a column that began with whole numbers.
struct CsvLayout {
  std::vector<std::string> names;
  bool header = false;
  std::string delimiter, quote, escape;
  std::int64_t skipped_lines = 0;  // empty ones
};

/// Looks at the file's beginning; `delimiter`: empty to have it told. The first line that is not empty tells how many fields there
/// are: reading fails at the first that has others. Errors: the engine's, about a file that is no text in UTF-8, say.
Result<CsvLayout> csv_layout(engine::Connection& connection, const std::filesystem::path& file, const std::string& delimiter);

/// The file's rows, all columns as texts; an empty field is null.
sqltree::Call read_csv(const std::filesystem::path& file, const CsvLayout& layout);

/// `name = value`, as the engine's table functions take options.
sqltree::ExprPtr named_argument(std::string name, sqltree::ExprPtr value);

/// SELECT * FROM call.
sqltree::QueryPtr select_all(sqltree::Call call);

}  // namespace wardian::catalog
