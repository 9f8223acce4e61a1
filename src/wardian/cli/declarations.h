#pragma once

#include <filesystem>

#include "wardian/base/result.h"
#include "wardian/session/table_set.h"

namespace wardian::cli {

/// Tables and functions that a query may name though nothing is stored: for checking it against a database that is elsewhere.
///   {"tables": {"T": "a:long, b:string"}, "functions": {"f": {"parameters": "(x:long)", "body": "{ x + 1 }"}}}
/// Either may be left out. Errors: io, bad_argument, syntax errors of schemas and functions, duplicate_name.
Status read_declarations(const std::filesystem::path& file, session::TableSet& tables);

}  // namespace wardian::cli
