#pragma once

#include <string_view>

#include "wardian/columnar/type.h"

namespace wardian::catalog {

/// SQL type in which a column of this type is kept; the same as inside plans, so that a stored table is scanned as it is.
std::string_view storage_type(columnar::Type type);

/// Digits after the point of a kept decimal.
inline constexpr int kStoredDecimalScale = 17;

}  // namespace wardian::catalog
