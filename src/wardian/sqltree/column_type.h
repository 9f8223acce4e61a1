#pragma once

#include <string_view>

#include "wardian/columnar/type.h"

namespace wardian::sqltree {

/// SQL type in which values of this type are kept and computed, so that a stored table is scanned as it is: datetime and
/// timespan are ticks in BIGINT, dynamic is JSON text in VARCHAR, guid is UUID, decimal DECIMAL(38, 17).
std::string_view column_type(columnar::Type type);

}  // namespace wardian::sqltree
