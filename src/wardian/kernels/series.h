#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Series: JSON arrays of numbers, as the functions of series read and write them.
namespace wardian::kernels {

enum class ElementKind : std::uint8_t { none, whole, real };

/// The elements of an array as numbers. What is no number (null, a text, a bag) counts as missing. "NaN", "Infinity" and
/// "-Infinity" are the reals they name; datetimes and timespans are their ticks.
struct Series {
  std::vector<double> reals;         // NaN where missing
  std::vector<std::int64_t> wholes;  // exact where the element is whole
  std::vector<ElementKind> kinds;
  std::size_t missing = 0;    // how many elements are no numbers
  std::size_t foreign = 0;    // of these, how many are not null either
  std::size_t nonfinite = 0;  // how many are numbers, but NaN or infinite

  std::size_t size() const { return reals.size(); }
  bool all_finite() const { return missing == 0 && nonfinite == 0; }
  void clear();
  void add_missing();
  void add_whole(std::int64_t value);
  void add_real(double value);
};

/// Fills `series` (emptied first); false when `json` is no array.
bool read_series(std::string_view json, Series& series);

/// Adds one JSON value by itself: a number, or missing.
void add_element(std::string_view json, Series& series);

/// Fills `series` with the array's elements, or with as many copies of a number as `size` tells. False for anything else
/// but null, which is a number that is missing.
bool read_series_or_number(std::string_view json, std::size_t size, Series& series);
bool is_number_or_null(std::string_view json);

/// An array of reals as JSON. Appends. A NaN is null when the numbers it came of had gaps, else "NaN".
void append_reals(std::string& out, std::span<const double> values, bool gaps = false);

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

}  // namespace wardian::kernels
