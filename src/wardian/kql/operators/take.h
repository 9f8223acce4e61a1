#pragma once

#include "wardian/kql/operators/operators.h"

namespace wardian::kql {

/// The number of rows that take, top and their like are told, as a long; no column of the input may be in it.
Result<ExprPtr> row_count(Binder& binder, const syntax::Expr& expr, const Environment& env, const NodePtr& input = nullptr);

/// The first rows of the input, in its order.
NodePtr limited(NodePtr input, ExprPtr rows);

}  // namespace wardian::kql
