#include "wardian/geo/geojson.h"

#include <charconv>
#include <cmath>

#include "wardian/geo/text_cursor.h"
#include "wardian/kernels/json_text.h"
#include "wardian/kernels/number_text.h"

namespace wardian::geo {
namespace {

/// Reads nested arrays of numbers to a depth that the caller's code sets, so that no text can make it recurse.
class CoordinateReader : public TextCursor {
 public:
  using TextCursor::TextCursor;

  bool position(LngLat& out) {
    if (!accept('[') || !number(out.lng) || !accept(',') || !number(out.lat)) return false;
    for (double height = 0; accept(',');) {
      if (!number(height)) return false;
    }
    return accept(']') && is_coordinate(out.lng, out.lat);
  }
  bool chain(Chain& out) {
    return array([&] { return position(out.emplace_back()); });
  }
  bool chains(Chains& out) {
    return array([&] { return chain(out.emplace_back()); });
  }
  bool polygons(std::vector<Chains>& out) {
    return array([&] { return chains(out.emplace_back()); });
  }

 private:
  bool number(double& out) {
    blanks();
    if (at_ == end_ || (*at_ != '-' && (*at_ < '0' || *at_ > '9'))) return false;
    const auto [after, error] = std::from_chars(at_, end_, out);
    if (error != std::errc() || !std::isfinite(out)) return false;
    at_ = after;
    return true;
  }
  template <class Element>
  bool array(Element&& element) {
    if (!accept('[')) return false;
    if (accept(']')) return true;
    do {
      if (!element()) return false;
    } while (accept(','));
    return accept(']');
  }
};

/// The type's name and the text of the coordinates; false when either is missing.
bool members(std::string_view json, std::string& type, std::string_view& coordinates) {
  if (kernels::json_kind(json) != kernels::JsonKind::object) return false;
  const auto named = kernels::json_member(json, "type");
  const auto found = kernels::json_member(json, "coordinates");
  if (!named || !found || kernels::json_kind(*named) != kernels::JsonKind::string) return false;
  type = kernels::unescaped(*named);
  coordinates = *found;
  return true;
}

}  // namespace

bool is_coordinate(double lng, double lat) { return std::abs(lng) <= 180 && std::abs(lat) <= 90; }

bool read_lines(std::string_view json, Chains& lines, bool& multi) {
  std::string type;
  std::string_view coordinates;
  if (!members(json, type, coordinates)) return false;
  multi = type == "MultiLineString";
  if (!multi && type != "LineString") return false;
  CoordinateReader reader(coordinates);
  return (multi ? reader.chains(lines) : reader.chain(lines.emplace_back())) && reader.at_end();
}

bool read_polygons(std::string_view json, std::vector<Chains>& polygons, bool& multi) {
  std::string type;
  std::string_view coordinates;
  if (!members(json, type, coordinates)) return false;
  multi = type == "MultiPolygon";
  if (!multi && type != "Polygon") return false;
  CoordinateReader reader(coordinates);
  return (multi ? reader.polygons(polygons) : reader.chains(polygons.emplace_back())) && reader.at_end();
}

void write_number(std::string& out, double value) {
  kernels::append_real(out, value == 0 ? 0.0 : value);  // no "-0"
}

void write_position(std::string& out, LngLat at) {
  out.push_back('[');
  write_number(out, at.lng);
  out.push_back(',');
  write_number(out, at.lat);
  out.push_back(']');
}

namespace {

template <class Elements, class Write>
void write_array(std::string& out, const Elements& elements, Write&& write) {
  out.push_back('[');
  bool first = true;
  for (const auto& element : elements) {
    if (!first) out.push_back(',');
    first = false;
    write(out, element);
  }
  out.push_back(']');
}

}  // namespace

void write_chain(std::string& out, const Chain& chain) { write_array(out, chain, &write_position); }
void write_chains(std::string& out, const Chains& chains) { write_array(out, chains, &write_chain); }

void write_point(std::string& out, LngLat at) {
  write_shape(out, "Point", [&] { write_position(out, at); });
}

void write_lines(std::string& out, const Chains& lines, bool multi) {
  if (multi)
    write_shape(out, "MultiLineString", [&] { write_chains(out, lines); });
  else
    write_shape(out, "LineString", [&] { write_chain(out, lines.front()); });
}

void write_polygons(std::string& out, const std::vector<Chains>& polygons, bool multi) {
  if (multi)
    write_shape(out, "MultiPolygon", [&] { write_array(out, polygons, &write_chains); });
  else
    write_shape(out, "Polygon", [&] { write_chains(out, polygons.front()); });
}

}  // namespace wardian::geo
