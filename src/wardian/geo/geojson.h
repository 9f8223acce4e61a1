#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "s2/s2latlng.h"
#include "s2/s2point.h"

/// GeoJSON (RFC 7946) as text, read into coordinates and written from them.
namespace wardian::geo {

struct LngLat {
  double lng = 0, lat = 0;  // degrees
  bool operator==(const LngLat&) const = default;
};
/// The vertices of a line, or of a ring with its first vertex again at the end.
using Chain = std::vector<LngLat>;
using Chains = std::vector<Chain>;

/// In range; false for NaN.
bool is_coordinate(double lng, double lat);

inline S2Point to_point(LngLat at) { return S2LatLng::FromDegrees(at.lat, at.lng).Normalized().ToPoint(); }
inline LngLat to_lng_lat(const S2Point& point) {
  const S2LatLng at(point);
  return {at.lng().degrees(), at.lat().degrees()};
}

/// The lines of a LineString or MultiLineString; of a polygon or multipolygon its polygons, each a shell and its holes.
/// False when the text is no such shape, or a coordinate is none. Further numbers of a position (its height) are passed over.
bool read_lines(std::string_view json, Chains& lines, bool& multi);
bool read_polygons(std::string_view json, std::vector<Chains>& polygons, bool& multi);

// --- writing; all append

void write_number(std::string& out, double value);
void write_position(std::string& out, LngLat at);
void write_chain(std::string& out, const Chain& chain);
void write_chains(std::string& out, const Chains& chains);

/// {"type":"…","coordinates": and what `write` appends.
template <class Write>
void write_shape(std::string& out, std::string_view type, Write&& write) {
  out.append("{\"type\":\"").append(type).append("\",\"coordinates\":");
  write();
  out.push_back('}');
}
void write_point(std::string& out, LngLat at);
/// One: a LineString; several: a MultiLineString. Likewise for polygons.
void write_lines(std::string& out, const Chains& lines, bool multi);
void write_polygons(std::string& out, const std::vector<Chains>& polygons, bool multi);

}  // namespace wardian::geo
