#include <charconv>
#include <cmath>

#include "wardian/geo/geojson.h"
#include "wardian/geo/text_cursor.h"
#include "wardian/kernels/geo_functions.h"

/// Well-known text (OGC 06-103r4, part 7) to GeoJSON. Z and M values are read and passed over.
namespace wardian::geo {
namespace {

constexpr int kDepthMax = 32;  // of collections in collections

char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter; }

class WktReader : public TextCursor {
 public:
  using TextCursor::TextCursor;

  bool read(std::string& out) {
    // "SRID=4326;" of the extended form says what all coordinates here are.
    if (word() == "srid") {
      double number = 0;
      if (!accept('=') || !read_number(number) || !accept(';')) return false;
      word();
    }
    if (!geometry(out, 0)) return false;
    return at_end();
  }

 private:
  /// The word at hand in lower case, then at hand as word_.
  const std::string& word() {
    blanks();
    word_.clear();
    while (at_ < end_ && lower(*at_) >= 'a' && lower(*at_) <= 'z') word_.push_back(lower(*at_++));
    return word_;
  }

  bool geometry(std::string& out, int depth) {
    const std::string kind = word_;
    if (kind.empty() || depth > kDepthMax) return false;
    if (word() == "z" || word_ == "m" || word_ == "zm") word();
    if (word_ == "empty") return empty(out, kind);
    if (!word_.empty()) return false;
    if (kind == "point")
      return shape(out, "Point", [&] {
        return list(
            out, [&] { return position(out); }, true);
      });
    if (kind == "linestring") return shape(out, "LineString", [&] { return chain(out); });
    if (kind == "polygon") return shape(out, "Polygon", [&] { return polygon(out); });
    if (kind == "multipoint") return shape(out, "MultiPoint", [&] { return points(out); });
    if (kind == "multilinestring") return shape(out, "MultiLineString", [&] { return polygon(out); });
    if (kind == "multipolygon") {
      return shape(out, "MultiPolygon", [&] { return list(out, [&] { return polygon(out); }); });
    }
    if (kind != "geometrycollection") return false;
    out.append(R"({"type":"GeometryCollection","geometries":)");
    const bool read = list(out, [&] {
      word();
      return geometry(out, depth + 1);
    });
    out.push_back('}');
    return read;
  }

  bool empty(std::string& out, std::string_view kind) {
    struct Name {
      std::string_view wkt, json;
    };
    constexpr Name kNames[] = {{"linestring", "LineString"}, {"multilinestring", "MultiLineString"},
                               {"multipoint", "MultiPoint"}, {"multipolygon", "MultiPolygon"},
                               {"point", "Point"},           {"polygon", "Polygon"}};
    for (const Name& name : kNames) {
      if (name.wkt == kind) {
        write_shape(out, name.json, [&] { out.append("[]"); });
        return true;
      }
    }
    if (kind != "geometrycollection") return false;
    out.append(R"({"type":"GeometryCollection","geometries":[]})");
    return true;
  }

  template <class Read>
  static bool shape(std::string& out, std::string_view type, Read&& read) {
    bool done = false;
    write_shape(out, type, [&] { done = read(); });
    return done;
  }

  /// "(element, …)" as "[element, …]"; `single`: one element, without the brackets.
  template <class Read>
  bool list(std::string& out, Read&& read, bool single = false) {
    if (!accept('(')) return false;
    if (!single) out.push_back('[');
    bool more = true;
    while (more) {
      if (!read()) return false;
      more = !single && accept(',');
      if (more) out.push_back(',');
    }
    if (!single) out.push_back(']');
    return accept(')');
  }
  bool chain(std::string& out) {
    return list(out, [&] { return position(out); });
  }
  bool polygon(std::string& out) {
    return list(out, [&] { return chain(out); });
  }
  /// (1 1, 2 2) and ((1 1), (2 2)) are both written.
  bool points(std::string& out) {
    return list(out, [&] {
      const bool wrapped = accept('(');
      return position(out) && (!wrapped || accept(')'));
    });
  }
  bool position(std::string& out) {
    LngLat at;
    if (!read_number(at.lng) || !read_number(at.lat)) return false;
    double further = 0;
    for (int more = 0; more < 2 && at_number(); ++more) {
      if (!read_number(further)) return false;
    }
    write_position(out, at);
    return true;
  }

  bool at_number() {
    blanks();
    return at_ < end_ && (*at_ == '-' || *at_ == '+' || *at_ == '.' || (*at_ >= '0' && *at_ <= '9'));
  }
  bool read_number(double& out) {
    if (!at_number()) return false;
    if (*at_ == '+') ++at_;
    const auto [after, error] = std::from_chars(at_, end_, out);
    if (error != std::errc() || !std::isfinite(out)) return false;
    at_ = after;
    return true;
  }

  std::string word_;
};

}  // namespace

bool from_wkt(Text wkt, std::string& out) { return WktReader(wkt).read(out); }

}  // namespace wardian::geo
