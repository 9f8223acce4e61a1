#pragma once

#include <string>

#include "wardian/cli/answer/grid.h"
#include "wardian/plan/node.h"

namespace wardian::cli {

/// Whether a page can draw that kind: those that a terminal draws.
bool has_vega_spec(std::string_view kind);

/// The chart that `render` asks for, as a Vega-Lite 6 specification with its data in it; empty where the grid has nothing to draw. Columns
/// play the same roles as in a terminal (chart.h). Properties: title, xtitle, ytitle, xcolumn, ycolumns, series, kind (stacked,
/// unstacked, stacked100), legend, xaxis and yaxis (log), ymin, ymax; others change nothing.
/// Source: https://vega.github.io/schema/vega-lite/v6.json
std::string vega_spec(const plan::Rendering& rendering, const Grid& grid);

}  // namespace wardian::cli
