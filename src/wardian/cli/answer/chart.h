#pragma once

#include <string>

#include "wardian/cli/answer/grid.h"
#include "wardian/plan/node.h"

namespace wardian::cli {

struct ChartSize {
  int width = 80;   // terminal columns
  int height = 20;  // lines of the plot itself
  bool colour = false;
};

/// Whether a terminal can draw that kind at all: `table` and maps are shown as rows.
bool is_drawn(std::string_view kind);

/// The chart that `render` asks for, as lines of text. Which column is x, which are y and which name the series follows
/// the documentation of render: `xcolumn`, `ycolumns` and `series` properties, else the first datetime or number is x, strings are
/// series, the other numbers y. Kinds: timechart, linechart, areachart, stackedareachart, scatterchart, columnchart, barchart, piechart, card;
/// `table` and kinds that a terminal cannot draw give an empty text, the caller then shows the table alone.
std::string draw_chart(const plan::Rendering& rendering, const Grid& grid, const ChartSize& size);

}  // namespace wardian::cli
