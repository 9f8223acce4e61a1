#pragma once

#include <span>
#include <string_view>

#include "wardian/base/result.h"
#include "wardian/plan/expr.h"

namespace wardian::kql {

/// What a dynamic value is, as far as a query's text tells: an array, a bag, a value of another kind, or anything.
enum class DynamicShape : std::uint8_t { unknown, array, bag, other };

DynamicShape dynamic_shape(const plan::Expr& expr);

/// Refuses an array where the function of that name takes a bag, and the other way round, at the argument. Arguments
/// whose shape only data tells are none of its business: there the function gives null.
Status check_dynamic_shapes(std::string_view function, std::span<const plan::ExprPtr> arguments);

}  // namespace wardian::kql
