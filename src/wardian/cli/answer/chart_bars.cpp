#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "wardian/cli/answer/chart_families.h"
#include "wardian/cli/answer/display_width.h"

namespace wardian::cli {
namespace {

constexpr std::size_t kBarsMax = 40;
constexpr int kCategoryWidthMax = 24;

struct Bar {
  std::string label;
  double value = 0;
  int series = 0;
};

/// One bar for each point, in row order.
std::vector<Bar> bars_of(const ChartData& data) {
  std::vector<std::pair<double, Bar>> placed;
  for (std::size_t at = 0; at < data.series.size(); ++at) {
    for (const Point& point : data.series[at].points) {
      Bar bar{data.categories[static_cast<std::size_t>(point.x)], point.y, static_cast<int>(at)};
      if (data.series.size() > 1) bar.label += " · " + data.series[at].name;
      bar.label = clipped(on_one_line(bar.label), kCategoryWidthMax);
      placed.emplace_back(point.x, std::move(bar));
    }
  }
  std::stable_sort(placed.begin(), placed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Bar> bars;
  for (auto& [x, bar] : placed) bars.push_back(std::move(bar));
  return bars;
}

std::string lying_block(double cells) {
  static constexpr std::array<const char*, 8> kParts = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const int eighths = static_cast<int>(std::lround(cells * 8));
  std::string out;
  for (int cell = 0; cell < eighths / 8; ++cell) out += "█";
  return out + kParts[static_cast<std::size_t>(eighths % 8)];
}

std::string lying(const std::vector<Bar>& bars, bool shares, const ChartSize& size) {
  double largest = 0;
  double whole = 0;
  int label_width = 0;
  int value_width = 0;
  std::vector<std::string> values;
  for (const Bar& bar : bars) {
    largest = std::max(largest, std::fabs(bar.value));
    whole += std::fabs(bar.value);
    label_width = std::max(label_width, display_width(bar.label));
  }
  for (const Bar& bar : bars) {
    std::string text = short_number(bar.value);
    if (shares && whole > 0) {
      std::array<char, 24> share{};
      std::snprintf(share.data(), share.size(), "  %5.1f %%", 100 * std::fabs(bar.value) / whole);
      text += share.data();
    }
    value_width = std::max(value_width, display_width(text));
    values.push_back(std::move(text));
  }
  const int room = std::max(8, size.width - label_width - value_width - 3);
  std::string out;
  for (std::size_t at = 0; at < bars.size(); ++at) {
    const Bar& bar = bars[at];
    const std::string block = largest > 0 ? lying_block(std::fabs(bar.value) / largest * room) : std::string();
    out += std::string(static_cast<std::size_t>(label_width - display_width(bar.label)), ' ') + bar.label + " " +
           (bar.value < 0 ? "▐" : "│") + coloured(block, bar.series, size.colour) + " " + values[at] + "\n";
  }
  return out;
}

std::string upright(const std::vector<Bar>& bars, const ChartSize& size) {
  static constexpr std::array<const char*, 9> kParts = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  double low = 0;
  double high = 0;
  for (const Bar& bar : bars) {
    low = std::min(low, bar.value);
    high = std::max(high, bar.value);
  }
  if (low < 0 || high == 0) return {};  // blocks grow upwards only; the caller lays the bars down
  const std::string high_label = short_number(high);
  const std::string middle_label = short_number(high * (size.height / 2 + 1) / size.height);
  const int label_width = std::max(display_width(high_label), display_width(middle_label));
  const int room = size.width - label_width - 2;
  const int step = std::min(12, room / static_cast<int>(bars.size()));
  if (step < 2) return {};
  std::string out;
  for (int line = size.height - 1; line >= 0; --line) {
    std::string label;
    if (line == size.height - 1) label = high_label;
    if (line == size.height / 2) label = middle_label;
    out += std::string(static_cast<std::size_t>(std::max(0, label_width - display_width(label))), ' ') + label +
           (label.empty() ? " │" : " ┤");
    for (const Bar& bar : bars) {
      const int eighths = static_cast<int>(std::lround(bar.value / high * size.height * 8)) - line * 8;
      std::string block;
      for (int column = 0; column < step - 1; ++column) block += kParts[static_cast<std::size_t>(std::clamp(eighths, 0, 8))];
      out += coloured(block, bar.series, size.colour && eighths > 0) + " ";
    }
    out += "\n";
  }
  out += std::string(static_cast<std::size_t>(label_width + 1), ' ') + "└";
  for (int column = 0; column < step * static_cast<int>(bars.size()); ++column) out += "─";
  out += "\n" + std::string(static_cast<std::size_t>(label_width + 2), ' ');
  for (const Bar& bar : bars) {
    const std::string label = clipped(bar.label, step - 1);
    out += label + std::string(static_cast<std::size_t>(std::max(0, step - display_width(label))), ' ');
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out + "\n";
}

}  // namespace

std::string draw_bars(const ChartData& data, BarStyle style, const ChartSize& size) {
  std::vector<Bar> bars = bars_of(data);
  const std::size_t all = bars.size();
  if (all > kBarsMax) bars.resize(kBarsMax);
  if (bars.empty()) return {};
  std::string out = style == BarStyle::columns ? upright(bars, size) : std::string();
  if (out.empty()) out = lying(bars, style == BarStyle::shares, size);
  if (all > kBarsMax) out += "… and " + std::to_string(all - kBarsMax) + " more\n";
  return out;
}

}  // namespace wardian::cli
