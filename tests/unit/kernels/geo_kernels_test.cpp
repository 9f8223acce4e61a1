#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "wardian/kernels/kernel_table.h"

/// The geospatial kernels through the module that has them, over many rows and over texts that are no shapes. What they
/// compute is tested by tests/queries/functions/geo.
namespace wardian::kernels {
namespace {

class Results final : public ResultColumn {
 public:
  explicit Results(std::size_t rows) : ResultColumn(room_), texts(rows) {}
  void set_null(std::size_t row) override { texts[row] = "null"; }
  void set_text(std::size_t row, std::string_view text) override { texts[row] = text; }
  double real(std::size_t row) const { return room_[row]; }
  bool boolean(std::size_t row) const { return reinterpret_cast<const bool*>(room_)[row]; }

  std::vector<std::string> texts;

 private:
  double room_[2048] = {};
};

/// One use of a kernel, as the engine makes it: its state lives through several chunks.
class Use {
 public:
  explicit Use(std::string_view name) {
    for (const auto family : kernel_families()) {
      for (const Kernel& kernel : family) {
        if (kernel.name == name) kernel_ = &kernel;
      }
    }
    if (kernel_->make_state != nullptr) state_ = kernel_->make_state();
  }
  ~Use() {
    if (state_ != nullptr) kernel_->free_state(state_);
  }
  Results run(const std::vector<std::vector<double>>& numbers, const std::vector<std::string_view>& texts,
              const std::vector<double>& after = {}) {
    const std::size_t rows = texts.size();
    std::vector<std::vector<double>> constants;
    for (const double each : after) constants.emplace_back(rows, each);
    std::vector<Column> columns;
    for (const auto& column : numbers) columns.push_back({column.data(), nullptr});
    columns.push_back({texts.data(), nullptr});
    for (const auto& column : constants) columns.push_back({column.data(), nullptr});
    Results results(rows);
    kernel_->run(columns, rows, results, state_);
    return results;
  }

 private:
  const Kernel* kernel_ = nullptr;
  void* state_ = nullptr;
};

std::string ring(std::size_t vertices, double lng, double lat, double radius) {
  std::string text = R"({"type":"Polygon","coordinates":[[)";
  for (std::size_t at = 0; at <= vertices; ++at) {
    const double angle = 2 * M_PI * static_cast<double>(at % vertices) / static_cast<double>(vertices);
    char number[80];
    std::snprintf(number, sizeof number, "%s[%.12f,%.12f]", at == 0 ? "" : ",", lng + radius * std::cos(angle),
                  lat + radius * std::sin(angle));
    text += number;
  }
  return text + "]]}";
}

constexpr std::string_view kTriangle = R"({"type":"Polygon","coordinates":[[[0,0],[10,0],[0,10],[0,0]]]})";

TEST(GeoKernels, AShapeIsKnownByItsTextNotByWhereItStood) {
  Use use("wardian_geo_point_in_polygon");
  // The second chunk's text lies where the first one's lay.
  std::string room(kTriangle);
  EXPECT_TRUE(use.run({{1}, {1}}, {room}).boolean(0));
  const std::string other = R"({"type":"Polygon","coordinates":[[[9,9],[10,9],[9,10],[9,9]]]})";
  ASSERT_LE(other.size(), room.size() + 8);
  room.replace(room.find("[0,0],[10,0]"), 12, "[8,8],[10,8]");
  room.replace(room.find(",[0,10],[0,0]"), 13, ",[8,10],[8,8]");
  EXPECT_FALSE(use.run({{1}, {1}}, {room}).boolean(0));
  EXPECT_TRUE(use.run({{8.5}, {8.5}}, {room}).boolean(0));
}

TEST(GeoKernels, ManyShapesPassThroughABoundedCache) {
  Use use("wardian_geo_polygon_area");
  double first = 0;
  for (int chunk = 0; chunk < 6; ++chunk) {
    std::vector<std::string> texts;
    for (int at = 0; at < 2000; ++at) texts.push_back(ring(4, -170 + 0.01 * (at + 2000 * chunk), 10, 0.5));
    const Results results = use.run({}, {texts.begin(), texts.end()});
    if (chunk == 0) first = results.real(0);
    for (std::size_t at = 0; at < texts.size(); ++at) ASSERT_NEAR(results.real(at), first, first * 1e-6);
  }
}

TEST(GeoKernels, AConstantPolygonIsBuiltOnce) {
  Use use("wardian_geo_point_in_polygon");
  const std::string large = ring(100'000, 20, 40, 5);
  std::vector<double> lng(2048), lat(2048);
  for (std::size_t at = 0; at < lng.size(); ++at) {
    lng[at] = 12 + static_cast<double>(at % 64) / 4;
    lat[at] = 40;
  }
  const auto start = std::chrono::steady_clock::now();
  for (int chunk = 0; chunk < 200; ++chunk) {
    const Results results = use.run({lng, lat}, std::vector<std::string_view>(lng.size(), large));
    ASSERT_FALSE(results.boolean(0));
    ASSERT_TRUE(results.boolean(32));
  }
  // 400,000 rows; building the polygon for each would take hours.
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
}

TEST(GeoKernels, AMillionVertices) {
  const std::string large = ring(1'000'000, 20, 40, 5);
  Use area("wardian_geo_polygon_area");
  const double expected = Use("wardian_geo_polygon_area").run({}, {ring(1000, 20, 40, 5)}).real(0);
  EXPECT_NEAR(area.run({}, {large}).real(0), expected, expected * 1e-4);
}

TEST(GeoKernels, DeepNestingEndsAtTheDepthOfTheShape) {
  for (const std::string_view kernel : {"wardian_geo_polygon_area", "wardian_geo_polygon_centroid"}) {
    const std::string deep = R"({"type":"MultiPolygon","coordinates":)" + std::string(1'000'000, '[') + "}";
    Use use(kernel);
    EXPECT_EQ(use.run({}, {deep}).texts[0], "null");
  }
  std::string wkt;
  for (int at = 0; at < 100'000; ++at) wkt += "GEOMETRYCOLLECTION(";
  Use use("wardian_geo_from_wkt");
  EXPECT_EQ(use.run({}, {wkt}).texts[0], "null");
}

/// Changes of single characters in texts of shapes: whatever comes out, the process lives.
TEST(GeoKernels, SpoiltShapesEndNoProcess) {
  const std::string seeds[] = {
      std::string(kTriangle),
      R"({"type":"MultiPolygon","coordinates":[[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[2,1],[2,2],[1,1]]],[[[3,3],[9,3],[3,9],[3,3]]]]})",
      R"({"type":"Polygon","coordinates":[[[170,80],[-170,80],[-90,85],[0,89.5],[90,85],[170,80]]]})",
      R"({"type":"MultiLineString","coordinates":[[[0,0],[10,10]],[[10,0],[0,10],[10,10]]]})",
      R"({"type":"LineString","coordinates":[[0,0],[0,90],[180,0],[-90,-45],[0,0]]})",
  };
  constexpr std::string_view kCharacters = "0123456789-.,[]eE \"{}:PoL";
  std::mt19937 random(7);
  std::vector<std::string> texts;
  for (int round = 0; round < 400; ++round) {
    std::string text = seeds[static_cast<std::size_t>(round) % std::size(seeds)];
    for (int change = round % 4; change >= 0; --change) {
      const std::size_t at = random() % text.size();
      const char character = kCharacters[random() % kCharacters.size()];
      if (random() % 3 == 0)
        text.erase(at, 1);
      else if (random() % 2 == 0)
        text.insert(at, 1, character);
      else
        text[at] = character;
    }
    texts.push_back(std::move(text));
  }
  struct Case {
    std::string_view kernel;
    std::size_t before;         // coordinates before the shape
    std::vector<double> after;  // numbers after it
  };
  const Case cases[] = {
      {"wardian_geo_polygon_area", 0, {}},
      {"wardian_geo_polygon_centroid", 0, {}},
      {"wardian_geo_polygon_perimeter", 0, {}},
      {"wardian_geo_polygon_simplify", 0, {100'000}},
      {"wardian_geo_polygon_buffer", 0, {50'000, 1000}},
      {"wardian_geo_polygon_to_s2cells", 0, {6, 0}},
      {"wardian_geo_polygon_to_h3cells", 0, {2, 0}},
      {"wardian_geo_point_in_polygon", 2, {}},
      {"wardian_geo_distance_point_to_polygon", 2, {}},
      {"wardian_geo_closest_point_on_polygon", 2, {}},
      {"wardian_geo_line_length", 0, {}},
      {"wardian_geo_line_centroid", 0, {}},
      {"wardian_geo_line_simplify", 0, {100'000}},
      {"wardian_geo_line_buffer", 0, {50'000, 1000}},
      {"wardian_geo_line_to_s2cells", 0, {6, 1000}},
      {"wardian_geo_line_interpolate_point", 0, {0.3}},
      {"wardian_geo_closest_point_on_line", 2, {}},
  };
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  for (const Case& each : cases) {
    Use use(each.kernel);
    const std::vector<double> ones(views.size(), 1);
    const Results results = use.run(std::vector<std::vector<double>>(each.before, ones), views, each.after);
    EXPECT_NE(std::count(results.texts.begin(), results.texts.end(), "null"), 0) << each.kernel;
  }
  for (const std::string_view kernel : {"wardian_geo_union_polygons_array", "wardian_geo_union_lines_array"}) {
    std::vector<std::string> arrays;
    for (std::size_t at = 0; at + 1 < texts.size(); ++at) arrays.push_back("[" + texts[at] + "," + texts[at + 1] + "]");
    Use(kernel).run({}, {arrays.begin(), arrays.end()});
  }
}

}  // namespace
}  // namespace wardian::kernels
