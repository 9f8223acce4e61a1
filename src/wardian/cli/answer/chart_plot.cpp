#include <algorithm>
#include <cmath>

#include "wardian/cli/answer/axis_ticks.h"
#include "wardian/cli/answer/chart_families.h"
#include "wardian/cli/answer/display_width.h"

namespace wardian::cli {
namespace {

constexpr int kPointsAcross = 2;  // a braille character holds 2 × 4 points
constexpr int kPointsDown = 4;

/// Points in a field of braille characters; each character takes the colour of the last series drawn there.
class Canvas {
 public:
  Canvas(int columns, int lines)
      : columns_(columns), lines_(lines), dots_(static_cast<std::size_t>(columns * lines)), owner_(dots_.size(), -1) {}

  int width() const { return columns_ * kPointsAcross; }
  int height() const { return lines_ * kPointsDown; }

  void set(int x, int y, int series) {
    if (x < 0 || y < 0 || x >= width() || y >= height()) return;
    static constexpr unsigned kBits[kPointsDown][kPointsAcross] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    const std::size_t cell = static_cast<std::size_t>((y / kPointsDown) * columns_ + x / kPointsAcross);
    dots_[cell] |= kBits[y % kPointsDown][x % kPointsAcross];
    owner_[cell] = series;
  }

  void line(int x0, int y0, int x1, int y1, int series) {
    const int steps = std::max({std::abs(x1 - x0), std::abs(y1 - y0), 1});
    for (int step = 0; step <= steps; ++step) {
      const double part = static_cast<double>(step) / steps;
      set(static_cast<int>(std::lround(x0 + part * (x1 - x0))), static_cast<int>(std::lround(y0 + part * (y1 - y0))), series);
    }
  }

  std::string text(int line, bool colour) const {
    std::string out;
    for (int column = 0; column < columns_; ++column) {
      const std::size_t cell = static_cast<std::size_t>(line * columns_ + column);
      if (dots_[cell] == 0) {
        out += ' ';
        continue;
      }
      const unsigned codepoint = 0x2800U + dots_[cell];
      const std::string glyph = {static_cast<char>(0xE0U | (codepoint >> 12U)),
                                 static_cast<char>(0x80U | ((codepoint >> 6U) & 0x3FU)),
                                 static_cast<char>(0x80U | (codepoint & 0x3FU))};
      out += coloured(glyph, owner_[cell], colour);
    }
    return out;
  }

 private:
  int columns_, lines_;
  std::vector<unsigned> dots_;
  std::vector<int> owner_;
};

struct Bounds {
  double low = 0, high = 0;
  bool empty = true;
  void take(double value) {
    low = empty ? value : std::min(low, value);
    high = empty ? value : std::max(high, value);
    empty = false;
  }
  void open_if_flat() {
    if (high > low) return;
    const double margin = low == 0 ? 1 : std::fabs(low) * 0.1;
    low -= margin;
    high += margin;
  }
};

/// What stands under the x axis: round values, or, of categories, as many as there is room for.
std::vector<AxisTick> x_ticks(const ChartData& data, const Bounds& xs, int columns) {
  if (data.axis != AxisKind::category) {
    const int widest = display_width(axis_label(data.axis, xs.low + (xs.high - xs.low) / 3, xs.low, xs.high));
    return axis_ticks(data.axis, xs.low, xs.high, std::clamp(columns / (widest + 6), 2, 8));
  }
  constexpr int kLabelWidthMax = 16;
  const auto step = std::max<std::size_t>(1, data.categories.size() * (kLabelWidthMax + 2) / static_cast<std::size_t>(columns));
  std::vector<AxisTick> ticks;
  for (std::size_t place = 0; place < data.categories.size(); place += step)
    ticks.push_back({static_cast<double>(place), clipped(on_one_line(data.categories[place]), kLabelWidthMax)});
  return ticks;
}

/// The axis with its marks, and the labels that do not touch one another under it.
void append_x_axis(std::string& out, const ChartData& data, const Bounds& xs, int columns, int label_width) {
  std::vector<bool> marks(static_cast<std::size_t>(columns), false);
  std::string under;
  for (const AxisTick& tick : x_ticks(data, xs, columns)) {
    const double part = (tick.value - xs.low) / (xs.high - xs.low);
    const int column = std::clamp(static_cast<int>(part * (columns - 1) + 0.5), 0, columns - 1);
    const int width = display_width(tick.label);
    const int begin = std::clamp(column - width / 2, 0, std::max(0, columns - width));
    const int free = under.empty() ? 0 : display_width(under) + 2;
    if (begin < free) continue;
    marks[static_cast<std::size_t>(column)] = true;
    under += std::string(static_cast<std::size_t>(begin - display_width(under)), ' ') + tick.label;
  }
  out += std::string(static_cast<std::size_t>(label_width + 1), ' ') + "└";
  for (const bool mark : marks) out += mark ? "┬" : "─";
  out += "\n" + std::string(static_cast<std::size_t>(label_width + 2), ' ') + under + "\n";
}

std::string padded_left(const std::string& text, int width) {
  return std::string(static_cast<std::size_t>(std::max(0, width - display_width(text))), ' ') + text;
}

}  // namespace

std::string draw_plot(const ChartData& data, PlotStyle style, const ChartSize& size) {
  Bounds xs, ys;
  for (const Series& series : data.series) {
    for (const Point& point : series.points) {
      xs.take(point.x);
      ys.take(point.y);
    }
  }
  if (xs.empty) return {};
  if (style == PlotStyle::area) ys.take(0);
  xs.open_if_flat();
  ys.open_if_flat();

  // The y axis reaches to the round numbers around the values.
  constexpr int kLinesPerLabel = 4;
  const int y_count = std::max(2, size.height / kLinesPerLabel);
  const double y_step = round_step(ys.high - ys.low, y_count);
  ys.low = std::floor(ys.low / y_step + 1e-9) * y_step;
  ys.high = std::ceil(ys.high / y_step - 1e-9) * y_step;
  std::vector<std::string> y_labels(static_cast<std::size_t>(size.height));
  int label_width = 0;
  for (const AxisTick& tick : axis_ticks(AxisKind::number, ys.low, ys.high, y_count)) {
    const double part = (ys.high - tick.value) / (ys.high - ys.low);
    const auto line = static_cast<std::size_t>(std::lround(part * (size.height - 1)));
    label_width = std::max(label_width, display_width(tick.label));
    y_labels[line] = tick.label;
  }
  const int columns = std::max(10, size.width - label_width - 2);
  Canvas canvas(columns, size.height);
  const auto place_x = [&](double x) {
    return static_cast<int>(std::lround((x - xs.low) / (xs.high - xs.low) * (canvas.width() - 1)));
  };
  const auto place_y = [&](double y) {
    return static_cast<int>(std::lround((ys.high - y) / (ys.high - ys.low) * (canvas.height() - 1)));
  };
  for (std::size_t at = 0; at < data.series.size(); ++at) {
    std::vector<Point> points = data.series[at].points;
    const int owner = static_cast<int>(at);
    if (style != PlotStyle::points) {
      std::stable_sort(points.begin(), points.end(), [](const Point& a, const Point& b) { return a.x < b.x; });
    }
    for (std::size_t next = 0; next < points.size(); ++next) {
      const int x = place_x(points[next].x);
      const int y = place_y(points[next].y);
      canvas.set(x, y, owner);
      if (style == PlotStyle::points) continue;
      if (next > 0) canvas.line(place_x(points[next - 1].x), place_y(points[next - 1].y), x, y, owner);
      if (style == PlotStyle::area) canvas.line(x, y, x, place_y(0), owner);
    }
  }

  std::string out;
  for (int line = 0; line < size.height; ++line) {
    const std::string& label = y_labels[static_cast<std::size_t>(line)];
    out += padded_left(label, label_width) + (label.empty() ? " │" : " ┤") + canvas.text(line, size.colour);
    out.erase(out.find_last_not_of(' ') + 1);
    out += '\n';
  }
  append_x_axis(out, data, xs, columns, label_width);
  return out;
}

}  // namespace wardian::cli
