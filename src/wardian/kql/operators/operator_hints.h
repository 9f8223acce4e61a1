#pragma once

#include <string_view>

#include "wardian/base/result.h"
#include "wardian/kql/syntax/tree_parameter.h"

namespace wardian::kql {

/// Refuses a `hint.…` that the operator has not, or a value that such a hint cannot have. Hints tell a cluster how to share the
/// work; here they change nothing but where their operator reads them.
Status check_hints(std::string_view operation, const syntax::Parameters& parameters);

}  // namespace wardian::kql
