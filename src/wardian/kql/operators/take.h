#pragma once

#include "wardian/kql/operators/operators.h"

namespace wardian::kql {

/// The number of rows that take, top and their like are told, as a long.
Result<ExprPtr> row_count(Binder& binder, const syntax::Expr& expr, const Environment& env);

/// The first rows of the input, in its order.
NodePtr limited(NodePtr input, ExprPtr rows);

}  // namespace wardian::kql
