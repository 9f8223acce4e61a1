#include <cmath>

#include "s2/s2closest_edge_query.h"
#include "wardian/geo/shape_cache.h"
#include "wardian/geo/spheroid.h"
#include "wardian/kernels/geo_functions.h"

namespace wardian::geo {

std::optional<double> line_length(ShapeCache& cache, Text line) {
  const Lines* shape = cache.lines(line);
  if (shape == nullptr) return std::nullopt;
  double radians = 0;
  for (const auto& each : shape->lines) radians += each->GetLength().radians();
  return radians * kEarthRadius;
}

bool line_centroid(ShapeCache& cache, Text line, std::string& out) {
  const Lines* shape = cache.lines(line);
  if (shape == nullptr) return false;
  S2Point sum;
  for (const auto& each : shape->lines) sum += each->GetCentroid();
  if (sum == S2Point()) return false;
  write_point(out, to_lng_lat(sum.Normalize()));
  return true;
}

bool line_interpolate_point(ShapeCache& cache, Text line, double fraction, std::string& out) {
  const Lines* shape = cache.lines(line);
  if (shape == nullptr || shape->multi || !(fraction >= 0 && fraction <= 1)) return false;
  write_point(out, to_lng_lat(shape->lines.front()->Interpolate(fraction)));
  return true;
}

std::optional<double> line_locate_point(ShapeCache& cache, Text line, double lng, double lat, bool spheroid) {
  const Lines* shape = cache.lines(line);
  if (shape == nullptr || shape->multi || !is_coordinate(lng, lat)) return std::nullopt;
  const S2Polyline& whole = *shape->lines.front();
  int next = 0;
  const S2Point nearest = whole.Project(to_point({lng, lat}), &next);
  if (!spheroid) return whole.UnInterpolate(nearest, next);
  double before = 0, length = 0;
  for (int at = 1; at < whole.num_vertices(); ++at) {
    const LngLat from = to_lng_lat(whole.vertex(at - 1)), to = to_lng_lat(whole.vertex(at));
    if (at == next) before = length + spheroid_metres(from, to_lng_lat(nearest));
    length += spheroid_metres(from, to);
  }
  if (next >= whole.num_vertices()) before = length;
  return length > 0 ? std::min(before / length, 1.0) : 0.0;
}

std::optional<double> distance_point_to_line(ShapeCache& cache, double lng, double lat, Text line) {
  const Lines* shape = cache.lines(line);
  if (shape == nullptr || !is_coordinate(lng, lat)) return std::nullopt;
  S2ClosestEdgeQuery::PointTarget target(to_point({lng, lat}));
  return shape->closest_edge().GetDistance(&target).ToAngle().radians() * kEarthRadius;
}

bool closest_point_on_line(ShapeCache& cache, double lng, double lat, Text line, std::string& out) {
  const Lines* shape = cache.lines(line);
  if (shape == nullptr || !is_coordinate(lng, lat)) return false;
  const S2Point point = to_point({lng, lat});
  S2ClosestEdgeQuery::PointTarget target(point);
  S2ClosestEdgeQuery& query = shape->closest_edge();
  const auto nearest = query.FindClosestEdge(&target);
  write_point(out, to_lng_lat(query.Project(point, nearest)));
  return true;
}

}  // namespace wardian::geo
