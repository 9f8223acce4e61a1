#pragma once

#include <string_view>

#include "wardian/kql/binder.h"

namespace wardian::kql {

/// value.name of a bag; null when it has none. Members of members are one path.
ExprPtr dynamic_member(ExprPtr source, std::string_view name, SourceSpan span);

/// value[index]: an array's element (from 0; from the end when negative) or a bag's member; null when it has none.
ExprPtr dynamic_element(ExprPtr source, ExprPtr index, SourceSpan span);

}  // namespace wardian::kql
