#pragma once

#include <string_view>

namespace wardian::kql {

/// What to write for a function of other languages: "Use strlen(x)"; empty for any other name. Case does not count.
std::string_view foreign_function_hint(std::string_view name);

}  // namespace wardian::kql
