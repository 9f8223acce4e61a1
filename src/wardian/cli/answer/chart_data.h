#pragma once

#include <optional>
#include <string>
#include <vector>

#include "wardian/cli/answer/grid.h"
#include "wardian/plan/node.h"

namespace wardian::cli {

/// What the x axis counts.
enum class AxisKind : std::uint8_t { number, datetime, timespan, category };

struct Point {
  double x = 0;  // number, ticks, or the position in `categories`
  double y = 0;
};
struct Series {
  std::string name;
  std::vector<Point> points;  // in row order; rows whose x or y is null or not finite are left out
};

/// A grid seen as a chart.
struct ChartData {
  AxisKind axis = AxisKind::category;
  std::string title, x_title;
  std::vector<std::string> categories;  // texts of x for a category axis, in order of appearance
  std::vector<Series> series;
};

/// A property that `render … with (…)` gave; empty where it did not.
std::string chart_property(const plan::Rendering& rendering, const std::string& name);

/// Picks x, series and y columns by the properties xcolumn, series and ycolumns, else by type: x is the first datetime
/// (timechart), else the first column; strings name the series; numbers are y. nullopt when there is nothing to draw.
/// `categorical`: x counts as a category whatever its type (bars and pies).
std::optional<ChartData> chart_data(const plan::Rendering& rendering, const Grid& grid, bool categorical);

/// The value as axis and card labels show it: four significant digits, thousands as k, M, G.
std::string short_number(double value);
/// A place on the axis between `low` and `high`, as precise as their distance asks for.
std::string axis_label(AxisKind axis, double value, double low, double high);

}  // namespace wardian::cli
