#pragma once

#include <string>

#include "wardian/columnar/batch.h"

namespace wardian::cli {

/// A scaled integer as plain decimal text without trailing zeros after the point: (1500, 3) is "1.5". Appends.
void append_decimal(std::string& out, columnar::Int128 scaled, int scale);

}  // namespace wardian::cli
