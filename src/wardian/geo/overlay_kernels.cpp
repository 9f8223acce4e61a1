#include "s2/s2boolean_operation.h"
#include "s2/s2builderutil_closed_set_normalizer.h"
#include "s2/s2builderutil_s2point_vector_layer.h"
#include "s2/s2builderutil_s2polygon_layer.h"
#include "s2/s2builderutil_s2polyline_vector_layer.h"
#include "s2/s2error.h"
#include "wardian/geo/shape_cache.h"
#include "wardian/kernels/geo_functions.h"
#include "wardian/kernels/json_text.h"

/// Unions and intersections. Shapes hold their boundary, but for point_in_polygon() and intersects_line_with_polygon(), where a
/// polygon holds half of its vertices.
namespace wardian::geo {
namespace {

using Operation = S2BooleanOperation;
using s2builderutil::S2PointVectorLayer;
using s2builderutil::S2PolygonLayer;
using s2builderutil::S2PolylineVectorLayer;

Operation::Options closed() {
  Operation::Options options;
  options.set_polygon_model(Operation::PolygonModel::CLOSED);
  options.set_polyline_model(Operation::PolylineModel::CLOSED);
  return options;
}

/// What may come of an intersection: points where boundaries touch, lines where they run together, areas.
struct Common {
  std::vector<S2Point> points;
  std::vector<std::unique_ptr<S2Polyline>> lines;
  S2Polygon area;
};

S2PolylineVectorLayer::Options walks() {
  S2PolylineVectorLayer::Options options;
  options.set_polyline_type(S2Builder::Graph::PolylineType::WALK);
  options.set_duplicate_edges(S2Builder::GraphOptions::DuplicateEdges::MERGE);
  options.set_s2debug_override(S2Debug::DISABLE);
  return options;
}

bool intersect(const S2ShapeIndex& a, const S2ShapeIndex& b, Common& common) {
  common.area.set_s2debug_override(S2Debug::DISABLE);
  s2builderutil::LayerVector layers(3);
  layers[0] = std::make_unique<S2PointVectorLayer>(&common.points);
  layers[1] = std::make_unique<S2PolylineVectorLayer>(&common.lines, walks());
  layers[2] = std::make_unique<S2PolygonLayer>(&common.area);
  Operation operation(Operation::OpType::INTERSECTION, s2builderutil::NormalizeClosedSet(std::move(layers)), closed());
  S2Error error;
  return operation.Build(a, b, &error);
}

/// One shape as it is; none, or several of different kinds, as a collection.
void write_common(std::string& out, const Common& common) {
  std::vector<std::string> parts;
  if (common.points.size() == 1) {
    write_point(parts.emplace_back(), to_lng_lat(common.points.front()));
  } else if (!common.points.empty()) {
    Chain points;
    for (const S2Point& point : common.points) points.push_back(to_lng_lat(point));
    std::string& part = parts.emplace_back();
    write_shape(part, "MultiPoint", [&] { write_chain(part, points); });
  }
  if (!common.lines.empty()) {
    Chains chains;
    for (const auto& line : common.lines) chains.push_back(chain_of(*line));
    write_lines(parts.emplace_back(), chains, chains.size() > 1);
  }
  if (std::string area; write_area(area, common.area)) parts.push_back(std::move(area));
  if (parts.size() == 1) {
    out.append(parts.front());
    return;
  }
  out.append(R"({"type":"GeometryCollection","geometries":)");
  kernels::JsonArrayWriter array(out);
  for (const std::string& part : parts) array.add(part);
  array.close();
  out.push_back('}');
}

bool write_intersection(const S2ShapeIndex* a, const S2ShapeIndex* b, std::string& out) {
  Common common;
  if (a == nullptr || b == nullptr || !intersect(*a, *b, common)) return false;
  write_common(out, common);
  return true;
}

std::optional<bool> intersects(const S2ShapeIndex* a, const S2ShapeIndex* b, const Operation::Options& options) {
  if (a == nullptr || b == nullptr) return std::nullopt;
  return Operation::Intersects(*a, *b, options);
}

const S2ShapeIndex* line_index(ShapeCache& cache, Text json, std::size_t argument) {
  const Lines* shape = cache.lines(json, argument);
  return shape == nullptr ? nullptr : &shape->index;
}
const S2ShapeIndex* polygon_index(ShapeCache& cache, Text json, std::size_t argument) {
  const Polygon* shape = cache.polygon(json, argument);
  return shape == nullptr ? nullptr : &shape->area->index();
}

using IndexPtr = std::unique_ptr<MutableS2ShapeIndex>;

IndexPtr index_of(std::vector<std::unique_ptr<S2Polyline>> lines) {
  auto index = std::make_unique<MutableS2ShapeIndex>();
  for (auto& line : lines) index->Add(std::make_unique<S2Polyline::OwningShape>(std::move(line)));
  return index;
}

}  // namespace

std::optional<bool> intersects_2lines(ShapeCache& cache, Text line1, Text line2) {
  return intersects(line_index(cache, line1, 0), line_index(cache, line2, 1), closed());
}

std::optional<bool> intersects_2polygons(ShapeCache& cache, Text polygon1, Text polygon2) {
  return intersects(polygon_index(cache, polygon1, 0), polygon_index(cache, polygon2, 1), closed());
}

std::optional<bool> intersects_line_with_polygon(ShapeCache& cache, Text line, Text polygon) {
  Operation::Options options = closed();
  options.set_polygon_model(Operation::PolygonModel::SEMI_OPEN);
  return intersects(line_index(cache, line, 0), polygon_index(cache, polygon, 1), options);
}

bool intersection_2lines(ShapeCache& cache, Text line1, Text line2, std::string& out) {
  return write_intersection(line_index(cache, line1, 0), line_index(cache, line2, 1), out);
}

bool intersection_2polygons(ShapeCache& cache, Text polygon1, Text polygon2, std::string& out) {
  return write_intersection(polygon_index(cache, polygon1, 0), polygon_index(cache, polygon2, 1), out);
}

bool intersection_line_with_polygon(ShapeCache& cache, Text line, Text polygon, std::string& out) {
  return write_intersection(line_index(cache, line, 0), polygon_index(cache, polygon, 1), out);
}

bool union_lines_array(Text lines, std::string& out) {
  std::vector<std::string_view> elements;
  if (!kernels::split_json_array(lines, elements) || elements.empty()) return false;
  std::vector<IndexPtr> parts;
  for (const std::string_view element : elements) {
    auto shape = Lines::from_json(element);
    if (shape == nullptr) return false;
    shape->index.Clear();
    parts.push_back(index_of(std::move(shape->lines)));
  }
  // Two by two, neighbours first: each line is handled log n times. The last round makes lines of one part as well.
  std::vector<std::unique_ptr<S2Polyline>> united;
  do {
    std::vector<IndexPtr> halves;
    for (std::size_t at = 0; at < parts.size(); at += 2) {
      const MutableS2ShapeIndex none;
      united.clear();
      Operation operation(Operation::OpType::UNION, std::make_unique<S2PolylineVectorLayer>(&united, walks()), closed());
      S2Error error;
      if (!operation.Build(*parts[at], at + 1 < parts.size() ? *parts[at + 1] : none, &error)) return false;
      if (parts.size() > 2) halves.push_back(index_of(std::move(united)));
    }
    parts.swap(halves);
  } while (!parts.empty());
  if (united.empty()) return false;
  Chains chains;
  for (const auto& line : united) chains.push_back(chain_of(*line));
  write_lines(out, chains, chains.size() > 1);
  return true;
}

bool union_polygons_array(Text polygons, std::string& out) {
  std::vector<std::string_view> elements;
  if (!kernels::split_json_array(polygons, elements) || elements.empty()) return false;
  std::vector<std::unique_ptr<S2Polygon>> parts;
  for (const std::string_view element : elements) {
    auto shape = Polygon::from_json(element);
    if (shape == nullptr) return false;
    parts.push_back(std::move(shape->area));
  }
  return write_area(out, *S2Polygon::DestructiveUnion(std::move(parts)));
}

}  // namespace wardian::geo
