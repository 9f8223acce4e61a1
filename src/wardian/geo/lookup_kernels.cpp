#include <algorithm>
#include <cmath>
#include <mutex>
#include <set>
#include <unordered_map>

#include "s2/s2closest_edge_query.h"
#include "s2/s2contains_point_query.h"
#include "wardian/geo/lookup_index.h"
#include "wardian/geo/shape.h"
#include "wardian/kernels/geo_functions.h"
#include "wardian/kernels/json_text.h"
#include "wardian/kernels/number_text.h"

namespace wardian::geo {

struct IndexedShapes {
  std::string text;
  LookupIndex::Kind kind;
  std::vector<std::unique_ptr<Polygon>> polygons;
  std::vector<std::unique_ptr<Lines>> lines;
  std::vector<std::int64_t> number_of;  // of an index's shape; a multiline is several
  MutableS2ShapeIndex index;
};

namespace {

/// A number that no row has. A point without a match has it, which keeps the point in a join.
constexpr std::int64_t kNone = -1;

std::shared_ptr<const IndexedShapes> build(std::string_view text, LookupIndex::Kind kind) {
  auto made = std::make_shared<IndexedShapes>();
  made->text = text;
  made->kind = kind;
  std::vector<std::string_view> elements, pair;
  kernels::split_json_array(made->text, elements);
  for (const std::string_view element : elements) {
    if (!kernels::split_json_array(element, pair) || pair.size() != 2) continue;
    const std::int64_t number = kernels::parse_long(pair[0]).value_or(kNone);
    if (kind == LookupIndex::Kind::polygons) {
      auto polygon = Polygon::from_json(pair[1]);
      if (polygon == nullptr) continue;
      made->index.Add(std::make_unique<S2Polygon::Shape>(polygon->area.get()));
      made->number_of.push_back(number);
      made->polygons.push_back(std::move(polygon));
    } else {
      auto lines = Lines::from_json(pair[1]);
      if (lines == nullptr) continue;
      for (const auto& line : lines->lines) {
        made->index.Add(std::make_unique<S2Polyline::Shape>(line.get()));
        made->number_of.push_back(number);
      }
      made->lines.push_back(std::move(lines));
    }
  }
  made->index.ForceBuild();
  return made;
}

/// Threads of one query find the same index here, for as long as one of them holds it.
std::shared_ptr<const IndexedShapes> shared_index(std::string_view text, LookupIndex::Kind kind) {
  static std::mutex mutex;
  static std::unordered_map<std::size_t, std::weak_ptr<const IndexedShapes>> known;
  const std::lock_guard lock(mutex);
  std::erase_if(known, [](const auto& entry) { return entry.second.expired(); });
  auto& slot = known[std::hash<std::string_view>()(text) * 2 + (kind == LookupIndex::Kind::lines ? 1 : 0)];
  if (auto held = slot.lock(); held != nullptr && held->kind == kind && held->text == text) return held;
  auto made = build(text, kind);
  slot = made;
  return made;
}

bool write_numbers(std::string& out, std::vector<std::int64_t>& numbers) {
  std::ranges::sort(numbers);
  const auto repeated = std::ranges::unique(numbers);
  numbers.erase(repeated.begin(), repeated.end());
  if (numbers.empty()) numbers.push_back(kNone);
  kernels::JsonArrayWriter array(out);
  for (const std::int64_t number : numbers) {
    array.separate();
    kernels::append_long(out, number);
  }
  array.close();
  return true;
}

void add_within(const IndexedShapes& shapes, const S2Point& point, double radius, std::vector<std::int64_t>& numbers) {
  if (!(radius >= 0)) return;
  S2ClosestEdgeQuery query(&shapes.index);
  const double radians = radius / kEarthRadius;
  if (radians < M_PI) query.mutable_options()->set_inclusive_max_distance(angle_of_metres(radius));
  query.mutable_options()->set_include_interiors(true);
  S2ClosestEdgeQuery::PointTarget target(point);
  for (const auto& result : query.FindClosestEdges(&target)) {
    numbers.push_back(shapes.number_of[static_cast<std::size_t>(result.shape_id())]);
  }
}

}  // namespace

const IndexedShapes& LookupIndex::get(std::string_view shapes, Kind kind) {
  if (address_ == shapes.data() && size_ == shapes.size()) return *shapes_;
  if (shapes_ == nullptr || shapes_->text != shapes) shapes_ = shared_index(shapes, kind);
  address_ = shapes.data();
  size_ = shapes.size();
  return *shapes_;
}

bool polygon_lookup(LookupIndex& index, double lng, double lat, Text shapes, std::optional<double> radius, std::string& out) {
  std::vector<std::int64_t> numbers;
  if (is_coordinate(lng, lat)) {
    const IndexedShapes& known = index.get(shapes, LookupIndex::Kind::polygons);
    const S2Point point = to_point({lng, lat});
    if (radius) {
      add_within(known, point, *radius, numbers);
    } else {
      auto query = MakeS2ContainsPointQuery(&known.index);
      query.VisitContainingShapes(point, [&](const S2Shape* shape) {
        numbers.push_back(known.number_of[static_cast<std::size_t>(shape->id())]);
        return true;
      });
    }
  }
  return write_numbers(out, numbers);
}

bool line_lookup(LookupIndex& index, double lng, double lat, Text shapes, double radius, std::string& out) {
  std::vector<std::int64_t> numbers;
  if (is_coordinate(lng, lat)) {
    add_within(index.get(shapes, LookupIndex::Kind::lines), to_point({lng, lat}), radius, numbers);
  }
  return write_numbers(out, numbers);
}

}  // namespace wardian::geo
