#pragma once

#include <string_view>

#include "wardian/columnar/type.h"

namespace wardian::columnar {

/// "System.Int64", …: the names that clients of the language know the types by.
std::string_view runtime_type_name(Type type);

}  // namespace wardian::columnar
