#pragma once

#include <string_view>

#include "duckdb.h"
#include "wardian/base/error.h"

namespace wardian::engine {

/// The engine's error as ours. Known failures keep their own codes (overflow, out of memory, interrupt, disk full, a
/// file that cannot be read, a locked database); all others are `execution`. The engine's SQL excerpt is cut away: its
/// users never wrote SQL.
Error map_error(duckdb_error_type type, std::string_view message);

}  // namespace wardian::engine
