#include "s2/s2builder.h"
#include "s2/s2builderutil_s2polygon_layer.h"
#include "s2/s2builderutil_s2polyline_vector_layer.h"
#include "s2/s2builderutil_snap_functions.h"
#include "s2/s2error.h"
#include "wardian/geo/shape_cache.h"
#include "wardian/kernels/geo_functions.h"
#include "wardian/kernels/json_text.h"

namespace wardian::geo {
namespace {

/// Some 7,780 km: what S2 can snap by.
bool is_tolerance(double tolerance) {
  return tolerance >= 0 && angle_of_metres(tolerance) <= S2Builder::SnapFunction::kMaxSnapRadius();
}

S2Builder::Options simplifying(double tolerance) {
  S2Builder::Options options{s2builderutil::IdentitySnapFunction(angle_of_metres(tolerance))};
  options.set_simplify_edge_chains(true);
  return options;
}

}  // namespace

bool line_simplify(ShapeCache& cache, Text line, double tolerance, std::string& out) {
  const Lines* shape = cache.lines(line);
  if (shape == nullptr || !is_tolerance(tolerance)) return false;
  using s2builderutil::S2PolylineVectorLayer;
  S2PolylineVectorLayer::Options layer;
  layer.set_polyline_type(S2Builder::Graph::PolylineType::WALK);
  layer.set_s2debug_override(S2Debug::DISABLE);
  std::vector<std::vector<std::unique_ptr<S2Polyline>>> parts(shape->lines.size());
  S2Builder builder(simplifying(tolerance));
  for (std::size_t at = 0; at < parts.size(); ++at) {
    builder.StartLayer(std::make_unique<S2PolylineVectorLayer>(&parts[at], layer));
    builder.AddPolyline(*shape->lines[at]);
  }
  S2Error error;
  if (!builder.Build(&error)) return false;
  Chains simple;
  for (const auto& part : parts) {
    for (const auto& each : part) {
      const bool is_point = each->num_vertices() < 2 || (each->num_vertices() == 2 && each->vertex(0) == each->vertex(1));
      if (!is_point) simple.push_back(chain_of(*each));
    }
  }
  if (simple.empty()) return false;
  write_lines(out, simple, simple.size() > 1);
  return true;
}

bool polygon_simplify(ShapeCache& cache, Text polygon, double tolerance, std::string& out) {
  const Polygon* shape = cache.polygon(polygon);
  if (shape == nullptr || !is_tolerance(tolerance)) return false;
  S2Polygon simple;
  simple.set_s2debug_override(S2Debug::DISABLE);
  simple.InitToSimplified(*shape->area, s2builderutil::IdentitySnapFunction(angle_of_metres(tolerance)));
  return write_area(out, simple);
}

bool simplify_polygons_array(Text polygons, double tolerance, std::string& out) {
  std::vector<std::string_view> elements;
  if (!kernels::split_json_array(polygons, elements) || elements.empty() || !is_tolerance(tolerance)) return false;
  std::vector<std::unique_ptr<Polygon>> shapes;
  std::vector<std::unique_ptr<S2Polygon>> simple;
  // One builder for all, so that common borders stay common.
  S2Builder builder(simplifying(tolerance));
  for (const std::string_view element : elements) {
    auto shape = Polygon::from_json(element);
    if (shape == nullptr) return false;
    simple.push_back(std::make_unique<S2Polygon>());
    simple.back()->set_s2debug_override(S2Debug::DISABLE);
    builder.StartLayer(std::make_unique<s2builderutil::S2PolygonLayer>(simple.back().get()));
    builder.AddPolygon(*shape->area);
    // A ring that shrinks to nothing leaves a layer without edges, which could be nothing or the whole sphere.
    builder.AddIsFullPolygonPredicate(S2Builder::IsFullPolygon(false));
    shapes.push_back(std::move(shape));
  }
  S2Error error;
  if (!builder.Build(&error)) return false;
  std::vector<Chains> chains;
  for (const auto& each : simple) {
    for (Chains& rings : chains_of(*each)) chains.push_back(std::move(rings));
  }
  if (chains.empty()) return false;
  write_polygons(out, chains, chains.size() > 1);
  return true;
}

}  // namespace wardian::geo
