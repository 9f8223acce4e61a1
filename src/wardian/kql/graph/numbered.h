#pragma once

#include <string>

#include "wardian/kql/binder.h"

namespace wardian::kql {

/// The rows with a number each, from 1, in a last column; computed once, so that every use sees the same numbers.
NodePtr with_row_numbers(Binder& binder, NodePtr rows, std::string name);

}  // namespace wardian::kql
