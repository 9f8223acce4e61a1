#pragma once

#include <string>

#include "wardian/sqltree/tree.h"

namespace wardian::sqltree {

/// The tree as DuckDB's SQL, on one line. Quoting and precedence are decided here and nowhere else.
std::string print(const Query& query);
std::string print(const Expr& expr);

/// The same with line breaks and indentation, for people.
std::string print_indented(const Query& query);

/// One identifier, always quoted: "a ""b""".
std::string quoted_name(std::string_view name);

}  // namespace wardian::sqltree
