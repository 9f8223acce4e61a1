#pragma once

#include <memory>
#include <optional>

#include "s2/mutable_s2shape_index.h"
#include "s2/s2polygon.h"
#include "s2/s2polyline.h"
#include "wardian/geo/geojson.h"

class S2ClosestEdgeQuery;

/// Shapes on the sphere, built of GeoJSON and checked. Edges are geodesics. S2 ends the process over a shape it finds
/// impossible, so whatever goes into it is checked before.
namespace wardian::geo {

/// Metres; the sphere of all functions.
inline constexpr double kEarthRadius = 6371010.0;
inline S1Angle angle_of_metres(double metres) { return S1Angle::Radians(metres / kEarthRadius); }

/// A line or several.
class Lines {
 public:
  ~Lines();
  /// Null when the text is no LineString or MultiLineString, or a line has less than two different vertices, or an edge
  /// between opposite points.
  static std::unique_ptr<Lines> from_json(std::string_view json);

  std::vector<std::unique_ptr<S2Polyline>> lines;
  Chains chains;  // as they were given
  bool multi = false;
  MutableS2ShapeIndex index;

  S2ClosestEdgeQuery& closest_edge() const;

 private:
  mutable std::unique_ptr<S2ClosestEdgeQuery> query_;
};

/// The union of the polygons that were given.
class Polygon {
 public:
  ~Polygon();
  /// Null when the text is no Polygon or MultiPolygon, a ring is not closed or has less than three vertices or one twice,
  /// or edges cross or are shared. A ring encloses the smaller part of the sphere, in whatever direction it runs.
  static std::unique_ptr<Polygon> from_json(std::string_view json);

  std::unique_ptr<S2Polygon> area;
  std::vector<Chains> chains;  // as they were given
  bool multi = false;

  S2ClosestEdgeQuery& closest_edge() const;

 private:
  mutable std::unique_ptr<S2ClosestEdgeQuery> query_;
};

/// Null when the rings are no polygon.
std::unique_ptr<S2Polygon> build_polygon(const Chains& rings);

/// The polygons of an S2Polygon, each a shell and its holes.
std::vector<Chains> chains_of(const S2Polygon& area);
Chain chain_of(const S2Polyline& line);

/// Polygon or MultiPolygon; false, and nothing written, when it is empty or the whole sphere.
bool write_area(std::string& out, const S2Polygon& area);

}  // namespace wardian::geo
