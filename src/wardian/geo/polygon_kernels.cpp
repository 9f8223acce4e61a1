#include "s2/s2closest_edge_query.h"
#include "wardian/geo/shape_cache.h"
#include "wardian/kernels/geo_functions.h"

namespace wardian::geo {

std::optional<double> polygon_area(ShapeCache& cache, Text polygon) {
  const Polygon* shape = cache.polygon(polygon);
  if (shape == nullptr) return std::nullopt;
  return shape->area->GetArea() * kEarthRadius * kEarthRadius;
}

std::optional<double> polygon_perimeter(ShapeCache& cache, Text polygon) {
  const Polygon* shape = cache.polygon(polygon);
  if (shape == nullptr) return std::nullopt;
  double radians = 0;
  for (int at = 0; at < shape->area->num_loops(); ++at) {
    const S2Loop& loop = *shape->area->loop(at);
    for (int edge = 0; edge < loop.num_vertices(); ++edge) radians += loop.vertex(edge).Angle(loop.vertex(edge + 1));
  }
  return radians * kEarthRadius;
}

bool polygon_centroid(ShapeCache& cache, Text polygon, std::string& out) {
  const Polygon* shape = cache.polygon(polygon);
  if (shape == nullptr) return false;
  const S2Point centroid = shape->area->GetCentroid();
  if (centroid == S2Point()) return false;
  write_point(out, to_lng_lat(centroid.Normalize()));
  return true;
}

std::optional<bool> point_in_polygon(ShapeCache& cache, double lng, double lat, Text polygon) {
  const Polygon* shape = cache.polygon(polygon);
  if (shape == nullptr || !is_coordinate(lng, lat)) return std::nullopt;
  return shape->area->Contains(to_point({lng, lat}));
}

std::optional<double> distance_point_to_polygon(ShapeCache& cache, double lng, double lat, Text polygon) {
  const Polygon* shape = cache.polygon(polygon);
  if (shape == nullptr || !is_coordinate(lng, lat)) return std::nullopt;
  S2ClosestEdgeQuery::PointTarget target(to_point({lng, lat}));
  return shape->closest_edge().GetDistance(&target).ToAngle().radians() * kEarthRadius;
}

bool closest_point_on_polygon(ShapeCache& cache, double lng, double lat, Text polygon, std::string& out) {
  const Polygon* shape = cache.polygon(polygon);
  if (shape == nullptr || !is_coordinate(lng, lat)) return false;
  const S2Point point = to_point({lng, lat});
  S2ClosestEdgeQuery::PointTarget target(point);
  S2ClosestEdgeQuery& query = shape->closest_edge();
  const auto nearest = query.FindClosestEdge(&target);
  write_point(out, nearest.is_interior() ? LngLat{lng, lat} : to_lng_lat(query.Project(point, nearest)));
  return true;
}

}  // namespace wardian::geo
