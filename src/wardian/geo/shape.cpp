#include "wardian/geo/shape.h"

#include "s2/s2closest_edge_query.h"
#include "s2/s2error.h"

namespace wardian::geo {
namespace {

/// Over the whole of `index`, its interiors included.
std::unique_ptr<S2ClosestEdgeQuery> query_of(const MutableS2ShapeIndex& index) {
  auto query = std::make_unique<S2ClosestEdgeQuery>(&index);
  query->mutable_options()->set_include_interiors(true);
  return query;
}

/// An edge of 180 degrees goes every way at once. Coordinates that say so come out a rounding error apart.
bool are_opposite(const S2Point& a, const S2Point& b) { return (a + b).Norm2() < 1e-28; }

std::unique_ptr<S2Polyline> build_line(const Chain& chain) {
  // S2 takes no vertex twice in a row; the line is the same without.
  std::vector<S2Point> vertices;
  vertices.reserve(chain.size());
  for (const LngLat& at : chain) {
    const S2Point point = to_point(at);
    if (!vertices.empty() && vertices.back() == point) continue;
    if (!vertices.empty() && are_opposite(vertices.back(), point)) return nullptr;
    vertices.push_back(point);
  }
  if (vertices.size() < 2) return nullptr;
  return std::make_unique<S2Polyline>(vertices, S2Debug::DISABLE);
}

}  // namespace

Lines::~Lines() = default;
Polygon::~Polygon() = default;

S2ClosestEdgeQuery& Lines::closest_edge() const {
  if (query_ == nullptr) query_ = query_of(index);
  return *query_;
}
S2ClosestEdgeQuery& Polygon::closest_edge() const {
  if (query_ == nullptr) query_ = query_of(area->index());
  return *query_;
}

std::unique_ptr<Lines> Lines::from_json(std::string_view json) {
  auto made = std::make_unique<Lines>();
  if (!read_lines(json, made->chains, made->multi) || made->chains.empty()) return nullptr;
  for (const Chain& chain : made->chains) {
    auto line = build_line(chain);
    if (line == nullptr) return nullptr;
    made->index.Add(std::make_unique<S2Polyline::Shape>(line.get()));
    made->lines.push_back(std::move(line));
  }
  return made;
}

std::unique_ptr<S2Polygon> build_polygon(const Chains& rings) {
  std::vector<std::unique_ptr<S2Loop>> loops;
  S2Error error;
  for (const Chain& ring : rings) {
    if (ring.size() < 4 || ring.front() != ring.back()) return nullptr;
    std::vector<S2Point> vertices;
    vertices.reserve(ring.size() - 1);
    for (std::size_t at = 0; at + 1 < ring.size(); ++at) {
      vertices.push_back(to_point(ring[at]));
      if (are_opposite(vertices[at], at == 0 ? to_point(ring[ring.size() - 2]) : vertices[at - 1])) return nullptr;
    }
    auto loop = std::make_unique<S2Loop>(vertices, S2Debug::DISABLE);
    if (loop->FindValidationError(&error)) return nullptr;
    loop->Normalize();
    loops.push_back(std::move(loop));
  }
  if (loops.empty()) return nullptr;
  const bool several = loops.size() > 1;
  auto made = std::make_unique<S2Polygon>();
  made->set_s2debug_override(S2Debug::DISABLE);
  made->InitNested(std::move(loops));
  if (several && made->FindValidationError(&error)) return nullptr;
  return made;
}

std::unique_ptr<Polygon> Polygon::from_json(std::string_view json) {
  auto made = std::make_unique<Polygon>();
  if (!read_polygons(json, made->chains, made->multi) || made->chains.empty()) return nullptr;
  std::vector<std::unique_ptr<S2Polygon>> parts;
  for (const Chains& rings : made->chains) {
    auto part = build_polygon(rings);
    if (part == nullptr) return nullptr;
    parts.push_back(std::move(part));
  }
  made->area = parts.size() == 1 ? std::move(parts.front()) : S2Polygon::DestructiveUnion(std::move(parts));
  return made;
}

Chain chain_of(const S2Polyline& line) {
  Chain chain;
  chain.reserve(static_cast<std::size_t>(line.num_vertices()));
  for (int at = 0; at < line.num_vertices(); ++at) chain.push_back(to_lng_lat(line.vertex(at)));
  return chain;
}

std::vector<Chains> chains_of(const S2Polygon& area) {
  const auto ring = [&](int index) {
    const S2Loop& loop = *area.loop(index);
    Chain chain;
    chain.reserve(static_cast<std::size_t>(loop.num_vertices()) + 1);
    for (int at = 0; at <= loop.num_vertices(); ++at) chain.push_back(to_lng_lat(loop.oriented_vertex(at)));
    return chain;
  };
  std::vector<Chains> polygons;
  for (int shell = 0; shell < area.num_loops(); ++shell) {
    if (area.loop(shell)->is_hole()) continue;
    Chains& rings = polygons.emplace_back();
    rings.push_back(ring(shell));
    const int last = area.GetLastDescendant(shell);
    for (int inner = shell + 1; inner <= last; ++inner) {
      if (area.loop(inner)->depth() == area.loop(shell)->depth() + 1) rings.push_back(ring(inner));
    }
  }
  return polygons;
}

bool write_area(std::string& out, const S2Polygon& area) {
  if (area.is_empty() || area.is_full()) return false;
  const std::vector<Chains> polygons = chains_of(area);
  write_polygons(out, polygons, polygons.size() > 1);
  return true;
}

}  // namespace wardian::geo
