#pragma once

#include <string>
#include <vector>

#include "wardian/columnar/type.h"

namespace wardian::columnar {

/// The schema's column names, changed ("a_2") where two differ only by case: an SQL engine takes those for the same. A character
/// U+0000 becomes an underscore.
std::vector<std::string> unique_names(const Schema& schema);

}  // namespace wardian::columnar
