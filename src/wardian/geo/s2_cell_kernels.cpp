#include <cmath>

#include "s2/s2cell.h"
#include "s2/s2cell_id.h"
#include "s2/s2shape_index_buffered_region.h"
#include "s2/s2shape_index_region.h"
#include "wardian/geo/shape_cache.h"
#include "wardian/geo/token_order.h"
#include "wardian/kernels/geo_functions.h"
#include "wardian/kernels/json_text.h"

namespace wardian::geo {
namespace {

/// A covering of more cells is refused: it would be of no use in a join.
constexpr std::size_t kCellsMax = 65536;

bool is_level(double level) { return level >= 0 && level <= S2CellId::kMaxLevel; }

S2CellId cell_of(Text token) {
  if (token.empty() || token.size() > 16) return S2CellId::None();
  return S2CellId::FromToken({token.data(), token.size()});
}

/// The cells of one level that the region meets, in the order of the Hilbert curve, or none when they are too many. A cell
/// that is met has at least one child that is, so the search may stop as soon as one level has too many.
std::vector<S2CellId> covering(const S2Region& region, int level) {
  struct Met {
    S2CellId id;
    bool inside;
  };
  std::vector<Met> cells, next;
  const auto meet = [&](S2CellId id) {
    const S2Cell cell(id);
    if (region.MayIntersect(cell)) next.push_back({id, region.Contains(cell)});
  };
  for (int face = 0; face < 6; ++face) meet(S2CellId::FromFace(face));
  for (int at = 0; at < level; ++at) {
    cells.swap(next);
    next.clear();
    for (const Met& each : cells) {
      for (int child = 0; child < 4; ++child) {
        if (each.inside)
          next.push_back({each.id.child(child), true});
        else
          meet(each.id.child(child));
      }
      if (next.size() > kCellsMax) return {};
    }
  }
  std::vector<S2CellId> ids;
  ids.reserve(next.size());
  for (const Met& each : next) ids.push_back(each.id);
  return ids;
}

bool write_covering(const S2ShapeIndex& index, double level, double radius, std::string& out) {
  if (!is_level(level) || !(radius >= 0 && std::isfinite(radius))) return false;
  std::vector<S2CellId> cells;
  if (radius > 0) {
    const S1Angle distance = angle_of_metres(radius);
    const S2ShapeIndexBufferedRegion region(&index,
                                            distance.radians() < M_PI ? S1ChordAngle(distance) : S1ChordAngle::Straight());
    cells = covering(region, static_cast<int>(level));
  } else {
    const auto region = MakeS2ShapeIndexRegion(&index);
    cells = covering(region, static_cast<int>(level));
  }
  if (cells.empty()) return false;
  kernels::JsonArrayWriter array(out);
  for (const S2CellId id : cells) array.add_string(id.ToToken());
  array.close();
  return true;
}

}  // namespace

void point_to_s2cell(double lng, double lat, double level, std::string& out) {
  if (!is_coordinate(lng, lat) || !is_level(level)) return;
  out.append(S2CellId(to_point({lng, lat})).parent(static_cast<int>(level)).ToToken());
}

bool s2cell_to_central_point(Text token, std::string& out) {
  const S2CellId id = cell_of(token);
  if (!id.is_valid()) return false;
  const S2LatLng center = id.ToLatLng();
  write_point(out, {center.lng().degrees(), center.lat().degrees()});
  return true;
}

bool s2cell_to_polygon(Text token, std::string& out) {
  const S2CellId id = cell_of(token);
  if (!id.is_valid()) return false;
  const S2Cell cell(id);
  Chain ring;
  for (int corner = 0; corner <= 4; ++corner) ring.push_back(to_lng_lat(cell.GetVertex(corner % 4)));
  write_polygons(out, {{ring}}, false);
  return true;
}

bool s2cell_neighbors(Text token, std::string& out) {
  const S2CellId id = cell_of(token);
  if (!id.is_valid()) return false;
  std::vector<S2CellId> near;
  id.AppendAllNeighbors(id.level(), &near);
  std::vector<std::string> tokens;
  for (const S2CellId each : near) tokens.push_back(each.ToToken());
  std::vector<std::string> distinct;  // at a corner of the cube a neighbour is met twice
  for (const std::string& each : tokens) {
    if (std::ranges::find(distinct, each) == distinct.end()) distinct.push_back(each);
  }
  kernels::JsonArrayWriter array(out);
  for (const std::string& each : in_service_order(distinct)) array.add_string(each);
  array.close();
  return true;
}

bool line_to_s2cells(ShapeCache& cache, Text line, double level, double radius, std::string& out) {
  const Lines* shape = cache.lines(line);
  return shape != nullptr && write_covering(shape->index, level, radius, out);
}

bool polygon_to_s2cells(ShapeCache& cache, Text polygon, double level, double radius, std::string& out) {
  const Polygon* shape = cache.polygon(polygon);
  return shape != nullptr && write_covering(shape->area->index(), level, radius, out);
}

}  // namespace wardian::geo
