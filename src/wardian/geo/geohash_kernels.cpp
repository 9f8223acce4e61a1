#include <cmath>

#include "wardian/geo/geojson.h"
#include "wardian/geo/token_order.h"
#include "wardian/kernels/geo_functions.h"
#include "wardian/kernels/json_text.h"

/// Geohashes: a cell's longitude and latitude bits in turn, five to a character. Source: Niemeyer's base-32 alphabet,
/// https://en.wikipedia.org/wiki/Geohash.
namespace wardian::geo {
namespace {

constexpr std::string_view kAlphabet = "0123456789bcdefghjkmnpqrstuvwxyz";
constexpr std::size_t kLengthMax = 18;

/// A cell by its column from the west and its row from the south, of 2^bits each.
struct Cell {
  std::uint64_t column = 0, row = 0;
  int column_bits = 0, row_bits = 0;

  double width() const { return std::ldexp(360.0, -column_bits); }
  double height() const { return std::ldexp(180.0, -row_bits); }
  double west() const { return -180 + static_cast<double>(column) * width(); }
  double south() const { return -90 + static_cast<double>(row) * height(); }
};

Cell grid(std::size_t length) {
  const int bits = static_cast<int>(length) * 5;
  return {0, 0, (bits + 1) / 2, bits / 2};
}

bool cell_of(Text hash, Cell& cell) {
  if (hash.empty() || hash.size() > kLengthMax) return false;
  cell = grid(hash.size());
  bool column_next = true;
  for (const char each : hash) {
    const char lower = each >= 'A' && each <= 'Z' ? static_cast<char>(each - 'A' + 'a') : each;
    const std::size_t value = kAlphabet.find(lower);
    if (value == std::string_view::npos) return false;
    for (int bit = 4; bit >= 0; --bit, column_next = !column_next) {
      std::uint64_t& side = column_next ? cell.column : cell.row;
      side = side << 1U | ((value >> static_cast<unsigned>(bit)) & 1U);
    }
  }
  return true;
}

void append_hash(std::string& out, const Cell& cell) {
  const int bits = cell.column_bits + cell.row_bits;
  int column_left = cell.column_bits, row_left = cell.row_bits;
  unsigned value = 0;
  for (int at = 0; at < bits; ++at) {
    const std::uint64_t bit =
        at % 2 == 0 ? cell.column >> static_cast<unsigned>(--column_left) : cell.row >> static_cast<unsigned>(--row_left);
    value = value << 1U | static_cast<unsigned>(bit & 1U);
    if (at % 5 == 4) {
      out.push_back(kAlphabet[value]);
      value = 0;
    }
  }
}

std::uint64_t steps(double fraction, int bits) {
  const double cells = std::ldexp(1.0, bits);
  return static_cast<std::uint64_t>(std::min(std::floor(fraction * cells), cells - 1));
}

}  // namespace

void point_to_geohash(double lng, double lat, double accuracy, std::string& out) {
  if (!is_coordinate(lng, lat) || !(accuracy >= 1 && accuracy <= kLengthMax)) return;
  Cell cell = grid(static_cast<std::size_t>(accuracy));
  cell.column = steps((lng + 180) / 360, cell.column_bits);
  cell.row = steps((lat + 90) / 180, cell.row_bits);
  append_hash(out, cell);
}

bool geohash_to_central_point(Text hash, std::string& out) {
  Cell cell;
  if (!cell_of(hash, cell)) return false;
  write_point(out, {cell.west() + cell.width() / 2, cell.south() + cell.height() / 2});
  return true;
}

bool geohash_to_polygon(Text hash, std::string& out) {
  Cell cell;
  if (!cell_of(hash, cell)) return false;
  const double west = cell.west(), south = cell.south(), east = west + cell.width(), north = south + cell.height();
  write_polygons(out, {{{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}}}, false);
  return true;
}

bool geohash_neighbors(Text hash, std::string& out) {
  Cell cell;
  if (!cell_of(hash, cell)) return false;
  const std::uint64_t columns = std::uint64_t{1} << static_cast<unsigned>(cell.column_bits);
  const std::uint64_t rows = std::uint64_t{1} << static_cast<unsigned>(cell.row_bits);
  std::vector<std::string> found;
  for (int up = 1; up >= -1; --up) {
    if ((up > 0 && cell.row + 1 == rows) || (up < 0 && cell.row == 0)) continue;  // nothing lies beyond a pole
    for (int right = -1; right <= 1; ++right) {
      if (up == 0 && right == 0) continue;
      Cell near = cell;
      near.row += static_cast<std::uint64_t>(up);
      near.column = (cell.column + columns + static_cast<std::uint64_t>(right)) % columns;
      append_hash(found.emplace_back(), near);
    }
  }
  kernels::JsonArrayWriter array(out);
  for (const std::string& each : in_service_order(found)) array.add_string(each);
  array.close();
  return true;
}

}  // namespace wardian::geo
