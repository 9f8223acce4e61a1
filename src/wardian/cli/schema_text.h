#pragma once

#include <string>

#include "wardian/base/result.h"
#include "wardian/columnar/type.h"

namespace wardian::cli {

/// "a:long, b:datetime", read by KQL's own grammar, so that names in brackets work as well.
Result<columnar::Schema> parse_schema(const std::string& text);

}  // namespace wardian::cli
