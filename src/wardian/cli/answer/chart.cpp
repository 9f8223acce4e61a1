#include "wardian/cli/answer/chart.h"

#include <algorithm>
#include <array>

#include "wardian/cli/answer/chart_families.h"
#include "wardian/cli/answer/display_width.h"

namespace wardian::cli {
namespace {

using Draw = std::string (*)(const ChartData&, const ChartSize&);

struct ChartKind {
  std::string_view name;
  bool categorical;
  Draw draw;
};

template <PlotStyle style>
std::string plot(const ChartData& data, const ChartSize& size) {
  return draw_plot(data, style, size);
}
template <BarStyle style>
std::string bars(const ChartData& data, const ChartSize& size) {
  return draw_bars(data, style, size);
}

constexpr auto kKinds = std::to_array<ChartKind>({
    {"anomalychart", false, &plot<PlotStyle::lines>},
    {"areachart", false, &plot<PlotStyle::area>},
    {"barchart", true, &bars<BarStyle::bars>},
    {"columnchart", true, &bars<BarStyle::columns>},
    {"linechart", false, &plot<PlotStyle::lines>},
    {"piechart", true, &bars<BarStyle::shares>},
    {"scatterchart", false, &plot<PlotStyle::points>},
    {"stackedareachart", false, &plot<PlotStyle::area>},
    {"timechart", false, &plot<PlotStyle::lines>},
});

/// Which colour and glyph is which series; nothing for a single one, whose name the title line tells.
std::string legend(const ChartData& data, const ChartSize& size) {
  constexpr std::size_t kNamesMax = 12;
  std::string out;
  for (std::size_t at = 0; at < std::min(kNamesMax, data.series.size()); ++at) {
    out += (at == 0 ? "" : "   ") + coloured("●", static_cast<int>(at), size.colour) + " " +
           clipped(on_one_line(data.series[at].name), 30);
  }
  if (data.series.size() > kNamesMax) out += "   … and " + std::to_string(data.series.size() - kNamesMax) + " more";
  return out + "\n";
}

/// A card shows the first row's values, each under its name.
std::string card(const Grid& grid, const ChartSize& size) {
  if (grid.rows.empty()) return {};
  std::string out;
  for (std::size_t at = 0; at < grid.schema.size(); ++at) {
    const plan::Rendering whole{"piechart", {}};
    Grid one{
        {{"", columnar::Type::string}, grid.schema[at]}, {{{columnar::Type::string, std::string("x")}, grid.rows[0][at]}}, false};
    const auto data = chart_data(whole, one, true);
    const std::string value = data ? short_number(data->series[0].points[0].y) : std::string();
    if (value.empty()) continue;
    const std::string name = on_one_line(grid.schema[at].name);
    const int inner = std::max(display_width(value), display_width(name)) + 4;
    std::string rule;
    for (int column = 0; column < inner; ++column) rule += "─";
    const auto centred = [&](const std::string& text) {
      const int left = (inner - display_width(text)) / 2;
      return std::string(static_cast<std::size_t>(left), ' ') + text +
             std::string(static_cast<std::size_t>(inner - left - display_width(text)), ' ');
    };
    out += "┌" + rule + "┐\n│" + coloured(centred(value), static_cast<int>(at), size.colour) + "│\n│" + centred(name) + "│\n└" +
           rule + "┘\n";
  }
  return out;
}

}  // namespace

std::string coloured(const std::string& glyph, int series, bool colour) {
  if (!colour || series < 0) return glyph;
  // Six of the terminal's own colours, so that they suit its background.
  static constexpr std::array<const char*, 6> kColours = {"\x1b[36m", "\x1b[33m", "\x1b[35m", "\x1b[32m", "\x1b[34m", "\x1b[31m"};
  return kColours[static_cast<std::size_t>(series) % kColours.size()] + glyph + "\x1b[0m";
}

bool is_drawn(std::string_view kind) {
  return kind == "card" || std::ranges::find(kKinds, kind, &ChartKind::name) != kKinds.end();
}

std::string draw_chart(const plan::Rendering& rendering, const Grid& grid, const ChartSize& size) {
  if (rendering.kind == "card") return card(grid, size);
  for (const ChartKind& kind : kKinds) {
    if (kind.name != rendering.kind) continue;
    const auto data = chart_data(rendering, grid, kind.categorical);
    if (!data) return {};
    const std::string picture = kind.draw(*data, size);
    if (picture.empty()) return {};
    std::string out = data->title.empty() ? "" : on_one_line(data->title) + "\n";
    out += picture + legend(*data, size);
    if (grid.truncated) out += "(only the first " + std::to_string(grid.rows.size()) + " rows are drawn)\n";
    return out;
  }
  return {};
}

}  // namespace wardian::cli
