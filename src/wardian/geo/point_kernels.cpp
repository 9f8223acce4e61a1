#include <cmath>
#include <numbers>

#include "GeographicLib/Geodesic.hpp"
#include "wardian/geo/shape.h"
#include "wardian/geo/spheroid.h"
#include "wardian/kernels/geo_functions.h"

namespace wardian::geo {
namespace {

/// From true north, clockwise, in [0, 2π).
double azimuth_between(LngLat from, LngLat to) {
  const double radians = std::numbers::pi / 180;
  const double delta = (to.lng - from.lng) * radians, lat1 = from.lat * radians, lat2 = to.lat * radians;
  const double angle = std::atan2(std::sin(delta) * std::cos(lat2),
                                  std::cos(lat1) * std::sin(lat2) - std::sin(lat1) * std::cos(lat2) * std::cos(delta));
  return angle < 0 ? angle + 2 * std::numbers::pi : angle;
}

}  // namespace

double spheroid_metres(LngLat from, LngLat to) {
  double metres = 0;
  GeographicLib::Geodesic::WGS84().Inverse(from.lat, from.lng, to.lat, to.lng, metres);
  return metres;
}

std::optional<double> distance_2points(double lng1, double lat1, double lng2, double lat2, bool spheroid) {
  if (!is_coordinate(lng1, lat1) || !is_coordinate(lng2, lat2)) return std::nullopt;
  if (spheroid) return spheroid_metres({lng1, lat1}, {lng2, lat2});
  return S2LatLng::FromDegrees(lat1, lng1).GetDistance(S2LatLng::FromDegrees(lat2, lng2)).radians() * kEarthRadius;
}

std::optional<bool> point_in_circle(double lng, double lat, double center_lng, double center_lat, double radius) {
  if (!(radius > 0)) return std::nullopt;
  const std::optional<double> distance = distance_2points(lng, lat, center_lng, center_lat, false);
  if (!distance) return std::nullopt;
  return *distance <= radius;
}

std::optional<double> azimuth(double lng1, double lat1, double lng2, double lat2) {
  if (!is_coordinate(lng1, lat1) || !is_coordinate(lng2, lat2)) return std::nullopt;
  const LngLat from{lng1, lat1}, to{lng2, lat2};
  if (to_point(from) == to_point(to)) return std::nullopt;
  return azimuth_between(from, to);
}

std::optional<double> angle(double lng1, double lat1, double lng2, double lat2, double lng3, double lat3) {
  const std::optional<double> first = azimuth(lng2, lat2, lng1, lat1), second = azimuth(lng2, lat2, lng3, lat3);
  if (!first || !second) return std::nullopt;
  const double turned = *second - *first;
  return turned < 0 ? turned + 2 * std::numbers::pi : turned;
}

}  // namespace wardian::geo
