#pragma once

#include "wardian/cli/answer/chart.h"
#include "wardian/cli/answer/chart_data.h"

/// The families of charts, each in a file of its own; chart.cpp chooses among them.
namespace wardian::cli {

enum class PlotStyle : std::uint8_t { lines, area, points };
/// chart_plot.cpp: a field of braille points with both axes.
std::string draw_plot(const ChartData& data, PlotStyle style, const ChartSize& size);

enum class BarStyle : std::uint8_t { columns, bars, shares };
/// chart_bars.cpp: columns upright, bars lying, or bars with each category's share of the whole.
std::string draw_bars(const ChartData& data, BarStyle style, const ChartSize& size);

/// The glyph in the colour of that series, when colours are wanted.
std::string coloured(const std::string& glyph, int series, bool colour);

}  // namespace wardian::cli
