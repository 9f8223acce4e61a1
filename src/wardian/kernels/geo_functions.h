#pragma once

#include <array>

#include "wardian/kernels/lift.h"

/// The geospatial functions: declared here, where the table of kernels lists them, and defined in geo/, a module that is
/// loaded with the first call. Numbers arrive as real; shapes and results are GeoJSON. Null (for text functions '') when a
/// coordinate is outside its range, a shape is none, or another argument makes no sense.
namespace wardian::geo {

using kernels::Text;
/// The shapes that one use of a function met, built once for each text.
class ShapeCache;
/// The table of shapes that a lookup is asked about, indexed once.
class LookupIndex;
/// The file that tells where IP addresses are.
class IpDatabase;

std::optional<double> angle(double lng1, double lat1, double lng2, double lat2, double lng3, double lat3);
std::optional<double> azimuth(double lng1, double lat1, double lng2, double lat2);
std::optional<double> distance_2points(double lng1, double lat1, double lng2, double lat2, bool spheroid);
std::optional<bool> point_in_circle(double lng, double lat, double center_lng, double center_lat, double radius);

void point_to_geohash(double lng, double lat, double accuracy, std::string& out);
bool geohash_to_central_point(Text hash, std::string& out);
bool geohash_to_polygon(Text hash, std::string& out);
bool geohash_neighbors(Text hash, std::string& out);

void point_to_s2cell(double lng, double lat, double level, std::string& out);
bool s2cell_to_central_point(Text token, std::string& out);
bool s2cell_to_polygon(Text token, std::string& out);
bool s2cell_neighbors(Text token, std::string& out);
bool line_to_s2cells(ShapeCache& cache, Text line, double level, double radius, std::string& out);
bool polygon_to_s2cells(ShapeCache& cache, Text polygon, double level, double radius, std::string& out);

void point_to_h3cell(double lng, double lat, double resolution, std::string& out);
bool h3cell_to_central_point(Text token, std::string& out);
bool h3cell_to_polygon(Text token, std::string& out);
bool h3cell_neighbors(Text token, std::string& out);
bool h3cell_children(Text token, std::optional<double> resolution, std::string& out);
void h3cell_parent(Text token, std::optional<double> resolution, std::string& out);
bool h3cell_rings(Text token, double distance, std::string& out);
std::optional<std::int32_t> h3cell_level(Text token);
bool polygon_to_h3cells(ShapeCache& cache, Text polygon, double resolution, double radius, std::string& out);

std::optional<double> line_length(ShapeCache& cache, Text line);
bool line_centroid(ShapeCache& cache, Text line, std::string& out);
bool line_interpolate_point(ShapeCache& cache, Text line, double fraction, std::string& out);
std::optional<double> line_locate_point(ShapeCache& cache, Text line, double lng, double lat, bool spheroid);
std::optional<double> distance_point_to_line(ShapeCache& cache, double lng, double lat, Text line);
bool closest_point_on_line(ShapeCache& cache, double lng, double lat, Text line, std::string& out);

std::optional<double> polygon_area(ShapeCache& cache, Text polygon);
std::optional<double> polygon_perimeter(ShapeCache& cache, Text polygon);
bool polygon_centroid(ShapeCache& cache, Text polygon, std::string& out);
std::optional<bool> point_in_polygon(ShapeCache& cache, double lng, double lat, Text polygon);
std::optional<double> distance_point_to_polygon(ShapeCache& cache, double lng, double lat, Text polygon);
bool closest_point_on_polygon(ShapeCache& cache, double lng, double lat, Text polygon, std::string& out);

bool point_buffer(double lng, double lat, double radius, double tolerance, std::string& out);
bool line_buffer(ShapeCache& cache, Text line, double radius, double tolerance, std::string& out);
bool polygon_buffer(ShapeCache& cache, Text polygon, double radius, double tolerance, std::string& out);

bool line_densify(ShapeCache& cache, Text line, double tolerance, bool preserve_crossing, std::string& out);
bool polygon_densify(ShapeCache& cache, Text polygon, double tolerance, bool preserve_crossing, std::string& out);
bool line_simplify(ShapeCache& cache, Text line, double tolerance, std::string& out);
bool polygon_simplify(ShapeCache& cache, Text polygon, double tolerance, std::string& out);
bool simplify_polygons_array(Text polygons, double tolerance, std::string& out);

std::optional<bool> intersects_2lines(ShapeCache& cache, Text line1, Text line2);
std::optional<bool> intersects_2polygons(ShapeCache& cache, Text polygon1, Text polygon2);
std::optional<bool> intersects_line_with_polygon(ShapeCache& cache, Text line, Text polygon);
bool intersection_2lines(ShapeCache& cache, Text line1, Text line2, std::string& out);
bool intersection_2polygons(ShapeCache& cache, Text polygon1, Text polygon2, std::string& out);
bool intersection_line_with_polygon(ShapeCache& cache, Text line, Text polygon, std::string& out);
bool union_lines_array(Text lines, std::string& out);
bool union_polygons_array(Text polygons, std::string& out);

bool from_wkt(Text wkt, std::string& out);
bool info_from_ip_address(IpDatabase& database, Text address, std::string& out);

/// A JSON array of the numbers of those shapes that the point matches, in ascending order, or [-1]. `shapes` is a JSON array
/// of [number, shape]. Polygons match that contain the point; with a radius, shapes that are not further away than that.
bool polygon_lookup(LookupIndex& index, double lng, double lat, Text shapes, std::optional<double> radius, std::string& out);
bool line_lookup(LookupIndex& index, double lng, double lat, Text shapes, double radius, std::string& out);

/// A list of functions as a type.
template <auto... functions>
struct FunctionList {
  static constexpr std::size_t size = sizeof...(functions);
};

/// The rows of the table, in the order of kNames.
using Functions =
    FunctionList<&angle, &azimuth, &closest_point_on_line, &closest_point_on_polygon, &distance_2points, &distance_point_to_line,
                 &distance_point_to_polygon, &from_wkt, &geohash_neighbors, &geohash_to_central_point, &geohash_to_polygon,
                 &h3cell_children, &h3cell_level, &h3cell_neighbors, &h3cell_parent, &h3cell_rings, &h3cell_to_central_point,
                 &h3cell_to_polygon, &info_from_ip_address, &intersection_2lines, &intersection_2polygons,
                 &intersection_line_with_polygon, &intersects_2lines, &intersects_2polygons, &intersects_line_with_polygon,
                 &line_buffer, &line_centroid, &line_densify, &line_interpolate_point, &line_length, &line_locate_point,
                 &line_lookup, &line_simplify, &line_to_s2cells, &point_buffer, &point_in_circle, &point_in_polygon,
                 &point_to_geohash, &point_to_h3cell, &point_to_s2cell, &polygon_area, &polygon_buffer, &polygon_centroid,
                 &polygon_densify, &polygon_lookup, &polygon_perimeter, &polygon_simplify, &polygon_to_h3cells,
                 &polygon_to_s2cells, &s2cell_neighbors, &s2cell_to_central_point, &s2cell_to_polygon, &simplify_polygons_array,
                 &union_lines_array, &union_polygons_array>;

inline constexpr std::array<std::string_view, Functions::size> kNames = {"wardian_geo_angle",
                                                                         "wardian_geo_azimuth",
                                                                         "wardian_geo_closest_point_on_line",
                                                                         "wardian_geo_closest_point_on_polygon",
                                                                         "wardian_geo_distance_2points",
                                                                         "wardian_geo_distance_point_to_line",
                                                                         "wardian_geo_distance_point_to_polygon",
                                                                         "wardian_geo_from_wkt",
                                                                         "wardian_geo_geohash_neighbors",
                                                                         "wardian_geo_geohash_to_central_point",
                                                                         "wardian_geo_geohash_to_polygon",
                                                                         "wardian_geo_h3cell_children",
                                                                         "wardian_geo_h3cell_level",
                                                                         "wardian_geo_h3cell_neighbors",
                                                                         "wardian_geo_h3cell_parent",
                                                                         "wardian_geo_h3cell_rings",
                                                                         "wardian_geo_h3cell_to_central_point",
                                                                         "wardian_geo_h3cell_to_polygon",
                                                                         "wardian_geo_info_from_ip_address",
                                                                         "wardian_geo_intersection_2lines",
                                                                         "wardian_geo_intersection_2polygons",
                                                                         "wardian_geo_intersection_line_with_polygon",
                                                                         "wardian_geo_intersects_2lines",
                                                                         "wardian_geo_intersects_2polygons",
                                                                         "wardian_geo_intersects_line_with_polygon",
                                                                         "wardian_geo_line_buffer",
                                                                         "wardian_geo_line_centroid",
                                                                         "wardian_geo_line_densify",
                                                                         "wardian_geo_line_interpolate_point",
                                                                         "wardian_geo_line_length",
                                                                         "wardian_geo_line_locate_point",
                                                                         "wardian_geo_line_lookup",
                                                                         "wardian_geo_line_simplify",
                                                                         "wardian_geo_line_to_s2cells",
                                                                         "wardian_geo_point_buffer",
                                                                         "wardian_geo_point_in_circle",
                                                                         "wardian_geo_point_in_polygon",
                                                                         "wardian_geo_point_to_geohash",
                                                                         "wardian_geo_point_to_h3cell",
                                                                         "wardian_geo_point_to_s2cell",
                                                                         "wardian_geo_polygon_area",
                                                                         "wardian_geo_polygon_buffer",
                                                                         "wardian_geo_polygon_centroid",
                                                                         "wardian_geo_polygon_densify",
                                                                         "wardian_geo_polygon_lookup",
                                                                         "wardian_geo_polygon_perimeter",
                                                                         "wardian_geo_polygon_simplify",
                                                                         "wardian_geo_polygon_to_h3cells",
                                                                         "wardian_geo_polygon_to_s2cells",
                                                                         "wardian_geo_s2cell_neighbors",
                                                                         "wardian_geo_s2cell_to_central_point",
                                                                         "wardian_geo_s2cell_to_polygon",
                                                                         "wardian_geo_simplify_polygons_array",
                                                                         "wardian_geo_union_lines_array",
                                                                         "wardian_geo_union_polygons_array"};

/// What the module exports: its rows of the table, as many as there are names and in their order.
inline constexpr char kModule[] = "libwardian_geo.so";
inline constexpr char kModuleEntry[] = "wardian_geo_kernels";
using ModuleEntry = const kernels::Kernel* (*)();

}  // namespace wardian::geo
