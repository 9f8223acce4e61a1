#include <cmath>

#include "s2/s2edge_distances.h"
#include "wardian/geo/shape_cache.h"
#include "wardian/kernels/geo_functions.h"

namespace wardian::geo {
namespace {

constexpr std::size_t kPointsMax = 10485760;
constexpr double kToleranceMin = 0.1, kToleranceMax = 10000;
// Halving an edge of 360 degrees so often leaves less than the smallest tolerance could ask for.
constexpr int kHalvingsMax = 40;

LngLat between(LngLat from, LngLat to, double share) {
  return {from.lng + (to.lng - from.lng) * share, from.lat + (to.lat - from.lat) * share};
}

/// Points on edges that are straight in the plane of longitude and latitude, so that the geodesics between them stay close.
class Densifier {
 public:
  Densifier(double tolerance, bool preserve_crossing)
      : tolerance_(S1ChordAngle(angle_of_metres(tolerance))), preserve_crossing_(preserve_crossing) {}

  /// False when there are too many points.
  bool chain(const Chain& given, Chain& dense) {
    for (std::size_t at = 0; at < given.size(); ++at) {
      if (at > 0) {
        LngLat to = given[at];
        // The short way may lie across the antimeridian; there the longitudes go on beyond 180 degrees.
        const double step = to.lng - given[at - 1].lng;
        if (preserve_crossing_ && std::abs(step) > 180) to.lng -= std::copysign(360.0, step);
        edge(given[at - 1], to, 0, dense);
      }
      add(given[at], dense);
      if (points_ > kPointsMax) return false;
    }
    return true;
  }

 private:
  void add(LngLat at, Chain& dense) {
    ++points_;
    if (std::abs(at.lng) > 180) at.lng = std::remainder(at.lng, 360.0);
    dense.push_back(at);
  }

  bool is_close(LngLat from, LngLat to) const {
    const S2Point begin = point(from), end = point(to);
    if (begin.DotProd(end) < 0) return false;  // over a quarter of the circle
    for (const double share : {0.25, 0.5, 0.75}) {
      if (!S2::IsDistanceLess(point(between(from, to, share)), begin, end, tolerance_)) return false;
    }
    return true;
  }

  void edge(LngLat from, LngLat to, int depth, Chain& dense) {
    if (depth >= kHalvingsMax || points_ > kPointsMax || is_close(from, to)) return;
    const LngLat middle = between(from, to, 0.5);
    edge(from, middle, depth + 1, dense);
    add(middle, dense);
    edge(middle, to, depth + 1, dense);
  }

  static S2Point point(LngLat at) { return S2LatLng::FromDegrees(at.lat, at.lng).ToPoint(); }

  S1ChordAngle tolerance_;
  bool preserve_crossing_;
  std::size_t points_ = 0;
};

bool is_tolerance(double tolerance) { return tolerance >= kToleranceMin && tolerance <= kToleranceMax; }

}  // namespace

bool line_densify(ShapeCache& cache, Text line, double tolerance, bool preserve_crossing, std::string& out) {
  const Lines* shape = cache.lines(line);
  if (shape == nullptr || !is_tolerance(tolerance)) return false;
  Densifier densifier(tolerance, preserve_crossing);
  Chains dense;
  for (const Chain& chain : shape->chains) {
    if (!densifier.chain(chain, dense.emplace_back())) return false;
  }
  write_lines(out, dense, shape->multi);
  return true;
}

bool polygon_densify(ShapeCache& cache, Text polygon, double tolerance, bool preserve_crossing, std::string& out) {
  const Polygon* shape = cache.polygon(polygon);
  if (shape == nullptr || !is_tolerance(tolerance)) return false;
  Densifier densifier(tolerance, preserve_crossing);
  std::vector<Chains> dense;
  for (const Chains& rings : shape->chains) {
    Chains& made = dense.emplace_back();
    for (const Chain& ring : rings) {
      if (!densifier.chain(ring, made.emplace_back())) return false;
    }
  }
  write_polygons(out, dense, shape->multi);
  return true;
}

}  // namespace wardian::geo
