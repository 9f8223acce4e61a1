#include <cmath>
#include <functional>

#include "s2/s2buffer_operation.h"
#include "s2/s2builderutil_s2polygon_layer.h"
#include "s2/s2error.h"
#include "wardian/geo/buffer.h"
#include "wardian/geo/shape_cache.h"
#include "wardian/kernels/geo_functions.h"

namespace wardian::geo {

namespace {

// A tolerance beyond the radius would let the outline shrink to nothing.
constexpr double kErrorFractionMax = 0.999;

}  // namespace

std::unique_ptr<S2Polygon> buffered(double radius, double tolerance, const std::function<void(S2BufferOperation&)>& add) {
  using Options = S2BufferOperation::Options;
  if (!(radius > 0 && tolerance > 0) || !std::isfinite(tolerance)) return nullptr;
  const S1Angle angle = angle_of_metres(radius);
  const double fraction = tolerance / radius;
  if (!(angle.radians() < M_PI) || fraction < Options::kMinErrorFraction) return nullptr;
  Options options(angle);
  options.set_error_fraction(std::min(fraction, kErrorFractionMax));
  auto made = std::make_unique<S2Polygon>();
  made->set_s2debug_override(S2Debug::DISABLE);
  S2BufferOperation operation(std::make_unique<s2builderutil::S2PolygonLayer>(made.get()), options);
  add(operation);
  S2Error error;
  return operation.Build(&error) ? std::move(made) : nullptr;
}

std::unique_ptr<S2Polygon> buffered(const S2ShapeIndex& shape, double radius, double tolerance) {
  return buffered(radius, tolerance, [&](S2BufferOperation& operation) { operation.AddShapeIndex(shape); });
}

bool point_buffer(double lng, double lat, double radius, double tolerance, std::string& out) {
  if (!is_coordinate(lng, lat)) return false;
  const auto area = buffered(radius, tolerance, [&](S2BufferOperation& operation) { operation.AddPoint(to_point({lng, lat})); });
  return area != nullptr && write_area(out, *area);
}

bool line_buffer(ShapeCache& cache, Text line, double radius, double tolerance, std::string& out) {
  const Lines* shape = cache.lines(line);
  const auto area = shape == nullptr ? nullptr : buffered(shape->index, radius, tolerance);
  return area != nullptr && write_area(out, *area);
}

bool polygon_buffer(ShapeCache& cache, Text polygon, double radius, double tolerance, std::string& out) {
  const Polygon* shape = cache.polygon(polygon);
  const auto area = shape == nullptr ? nullptr : buffered(shape->area->index(), radius, tolerance);
  return area != nullptr && write_area(out, *area);
}

}  // namespace wardian::geo
