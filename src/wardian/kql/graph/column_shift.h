#pragma once

#include <functional>

#include "wardian/plan/expr.h"

namespace wardian::kql {

/// The expression over other columns: each one that it names stands at the place that `place` says.
plan::ExprPtr with_columns_at(const plan::ExprPtr& expr, const std::function<std::size_t(std::size_t)>& place);

/// Whether the test holds for every column that the expression names; false for tables that depend on the row.
bool columns_all(const plan::Expr& expr, const std::function<bool(std::size_t)>& test);

}  // namespace wardian::kql
