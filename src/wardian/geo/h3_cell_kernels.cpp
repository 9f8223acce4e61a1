#include <charconv>
#include <cmath>

#include "h3api.h"
#include "wardian/geo/buffer.h"
#include "wardian/geo/shape_cache.h"
#include "wardian/geo/token_order.h"
#include "wardian/kernels/geo_functions.h"
#include "wardian/kernels/json_text.h"

namespace wardian::geo {
namespace {

constexpr int kResolutionMax = 15;
constexpr int kLevelsBelowMax = 5;
constexpr int kDistanceMax = 142;
constexpr std::int64_t kCellsMax = 65536;
/// Of the table that the search for a polygon's cells works in, which covers the box around it.
constexpr std::int64_t kSearchCellsMax = std::int64_t{1} << 22;

/// 0, which is no cell, when the token is none.
H3Index cell_of(Text token) {
  H3Index cell = 0;
  const auto [after, error] = std::from_chars(token.data(), token.data() + token.size(), cell, 16);
  if (error != std::errc() || after != token.data() + token.size() || ::isValidCell(cell) == 0) return 0;
  return cell;
}

std::string token_of(H3Index cell) {
  char digits[16];
  return {digits, std::to_chars(digits, digits + sizeof digits, cell, 16).ptr};
}

void write_tokens(std::string& out, const std::vector<std::string>& tokens) {
  kernels::JsonArrayWriter array(out);
  for (const std::string& token : tokens) array.add_string(token);
  array.close();
}

LngLat to_lng_lat(const LatLng& at) { return {::radsToDegs(at.lng), ::radsToDegs(at.lat)}; }

/// The cell and those around it up to a distance, and the distance of each.
struct Disk {
  std::vector<H3Index> cells;
  std::vector<int> distances;
};
bool disk_around(H3Index cell, int distance, Disk& disk) {
  std::int64_t size = 0;
  if (::maxGridDiskSize(distance, &size) != E_SUCCESS) return false;
  disk.cells.resize(static_cast<std::size_t>(size));
  disk.distances.resize(static_cast<std::size_t>(size));
  return ::gridDiskDistances(cell, distance, disk.cells.data(), disk.distances.data()) == E_SUCCESS;
}

/// A polygon's rings as H3 takes them.
class H3Polygon {
 public:
  explicit H3Polygon(const Chains& rings) {
    for (const Chain& ring : rings) {
      std::vector<LatLng>& vertices = vertices_.emplace_back();
      for (std::size_t at = 0; at + 1 < ring.size(); ++at) {
        vertices.push_back({::degsToRads(ring[at].lat), ::degsToRads(ring[at].lng)});
      }
    }
    for (std::vector<LatLng>& vertices : vertices_) loops_.push_back({static_cast<int>(vertices.size()), vertices.data()});
    polygon_ = {loops_.front(), static_cast<int>(loops_.size()) - 1, loops_.data() + 1};
  }
  const GeoPolygon& get() const { return polygon_; }

 private:
  std::vector<std::vector<LatLng>> vertices_;
  std::vector<GeoLoop> loops_;
  GeoPolygon polygon_{};
};

bool append_cells(const Chains& rings, int resolution, std::vector<H3Index>& cells) {
  const H3Polygon polygon(rings);
  std::int64_t size = 0;
  if (::maxPolygonToCellsSize(&polygon.get(), resolution, 0, &size) != E_SUCCESS || size > kSearchCellsMax) return false;
  std::vector<H3Index> found(static_cast<std::size_t>(size));
  if (::polygonToCells(&polygon.get(), resolution, 0, found.data()) != E_SUCCESS) return false;
  std::ranges::copy_if(found, std::back_inserter(cells), [](H3Index cell) { return cell != 0; });
  return static_cast<std::int64_t>(cells.size()) <= kCellsMax;
}

}  // namespace

void point_to_h3cell(double lng, double lat, double resolution, std::string& out) {
  if (!is_coordinate(lng, lat) || !(resolution >= 0 && resolution <= kResolutionMax)) return;
  const LatLng at{::degsToRads(lat), ::degsToRads(lng)};
  H3Index cell = 0;
  if (::latLngToCell(&at, static_cast<int>(resolution), &cell) == E_SUCCESS) out.append(token_of(cell));
}

bool h3cell_to_central_point(Text token, std::string& out) {
  LatLng center;
  const H3Index cell = cell_of(token);
  if (cell == 0 || ::cellToLatLng(cell, &center) != E_SUCCESS) return false;
  write_point(out, to_lng_lat(center));
  return true;
}

bool h3cell_to_polygon(Text token, std::string& out) {
  CellBoundary boundary;
  const H3Index cell = cell_of(token);
  if (cell == 0 || ::cellToBoundary(cell, &boundary) != E_SUCCESS) return false;
  Chain ring;
  for (int at = 0; at <= boundary.numVerts; ++at) ring.push_back(to_lng_lat(boundary.verts[at % boundary.numVerts]));
  write_polygons(out, {{ring}}, false);
  return true;
}

bool h3cell_neighbors(Text token, std::string& out) {
  const H3Index cell = cell_of(token);
  Disk disk;
  if (cell == 0 || !disk_around(cell, 1, disk)) return false;
  std::vector<std::string> tokens;
  for (const H3Index each : disk.cells) {
    if (each != 0 && each != cell) tokens.push_back(token_of(each));
  }
  write_tokens(out, in_service_order(tokens));
  return true;
}

bool h3cell_rings(Text token, double distance, std::string& out) {
  const H3Index cell = cell_of(token);
  Disk disk;
  if (cell == 0 || !(distance >= 0 && distance <= kDistanceMax)) return false;
  if (!disk_around(cell, static_cast<int>(distance), disk)) return false;
  std::vector<std::vector<H3Index>> rings(static_cast<std::size_t>(distance) + 1);
  for (std::size_t at = 0; at < disk.cells.size(); ++at) {
    if (disk.cells[at] != 0) rings[static_cast<std::size_t>(disk.distances[at])].push_back(disk.cells[at]);
  }
  kernels::JsonArrayWriter array(out);
  for (const std::vector<H3Index>& ring : rings) {
    array.separate();
    std::vector<std::string> tokens;
    for (const H3Index each : ring) tokens.push_back(token_of(each));
    write_tokens(out, tokens);
  }
  array.close();
  return true;
}

bool h3cell_children(Text token, std::optional<double> resolution, std::string& out) {
  const H3Index cell = cell_of(token);
  if (cell == 0) return false;
  const int own = ::getResolution(cell);
  const double wanted = resolution.value_or(own + 1);
  if (!(wanted > own && wanted <= std::min(own + kLevelsBelowMax, kResolutionMax))) return false;
  std::int64_t size = 0;
  if (::cellToChildrenSize(cell, static_cast<int>(wanted), &size) != E_SUCCESS) return false;
  std::vector<H3Index> children(static_cast<std::size_t>(size));
  if (::cellToChildren(cell, static_cast<int>(wanted), children.data()) != E_SUCCESS) return false;
  std::vector<std::string> tokens;
  for (const H3Index each : children) {
    if (each != 0) tokens.push_back(token_of(each));
  }
  write_tokens(out, tokens);
  return true;
}

void h3cell_parent(Text token, std::optional<double> resolution, std::string& out) {
  const H3Index cell = cell_of(token);
  if (cell == 0) return;
  const int own = ::getResolution(cell);
  const double wanted = resolution.value_or(own - 1);
  H3Index parent = 0;
  if (wanted >= 0 && wanted < own && ::cellToParent(cell, static_cast<int>(wanted), &parent) == E_SUCCESS) {
    out.append(token_of(parent));
  }
}

std::optional<std::int32_t> h3cell_level(Text token) {
  const H3Index cell = cell_of(token);
  if (cell == 0) return std::nullopt;
  return ::getResolution(cell);
}

bool polygon_to_h3cells(ShapeCache& cache, Text polygon, double resolution, double radius, std::string& out) {
  const Polygon* shape = cache.polygon(polygon);
  if (shape == nullptr || !(resolution >= 0 && resolution <= kResolutionMax) || !(radius >= 0)) return false;
  std::unique_ptr<S2Polygon> larger;
  if (radius > 0) {
    // The outline as exact as the functions' own tolerance, or a small part of a small radius.
    larger = buffered(shape->area->index(), radius, std::min(kToleranceDefault, radius / 100));
    if (larger == nullptr) return false;
  }
  const S2Polygon& area = larger == nullptr ? *shape->area : *larger;
  if (area.is_empty() || area.is_full()) return false;
  std::vector<H3Index> cells;
  for (const Chains& rings : chains_of(area)) {
    if (!append_cells(rings, static_cast<int>(resolution), cells)) return false;
  }
  std::vector<std::string> tokens;
  for (const H3Index cell : cells) tokens.push_back(token_of(cell));
  write_tokens(out, in_service_order(tokens));
  return true;
}

}  // namespace wardian::geo
