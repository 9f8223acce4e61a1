#pragma once

#include "wardian/geo/shape.h"

class S2BufferOperation;

namespace wardian::geo {

/// What is within `radius` metres of what `add` puts in, its outline no further from the true one than `tolerance`. Null when
/// a number makes no sense or nothing comes of it.
std::unique_ptr<S2Polygon> buffered(double radius, double tolerance, const std::function<void(S2BufferOperation&)>& add);
std::unique_ptr<S2Polygon> buffered(const S2ShapeIndex& shape, double radius, double tolerance);

/// Of the functions that name none.
inline constexpr double kToleranceDefault = 10;

}  // namespace wardian::geo
