#pragma once

#include <span>
#include <string_view>

#include "wardian/base/result.h"
#include "wardian/plan/expr.h"

namespace wardian::kql {

enum class Shape : std::uint8_t { unknown, array, bag, scalar };
enum class Element : std::uint8_t { unknown, array, bag, text, integer, other };

/// What a dynamic value is, as far as a query's text tells, and of an array what it holds, of a scalar what it is.
struct DynamicShape {
  Shape shape = Shape::unknown;
  Element element = Element::unknown;
};

DynamicShape dynamic_shape(const plan::Expr& expr);

/// Refuses an array where the function of that name takes a bag, and the other way round, at the argument. Arguments
/// whose shape only data tells are none of its business: there the function gives null.
Status check_dynamic_shapes(std::string_view function, SourceSpan name_span, std::span<const plan::ExprPtr> arguments);

/// Refuses source[index] where the source has no such parts: a name in an array, a number in a bag, any in a scalar.
Status check_part(const plan::Expr& source, const plan::Expr& index);

}  // namespace wardian::kql
