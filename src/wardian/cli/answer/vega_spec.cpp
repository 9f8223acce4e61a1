#include "wardian/cli/answer/vega_spec.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "wardian/cli/answer/chart_data.h"
#include "wardian/kernels/calendar.h"
#include "wardian/kernels/json_text.h"
#include "wardian/kernels/number_text.h"

namespace wardian::cli {
namespace {

enum class Shape : std::uint8_t { line, area, bar, lying_bar, arc, point, text };

struct PageChart {
  std::string_view kind;
  Shape shape;
  bool categorical;
  std::string_view stack;  // where `kind=` says nothing: "null", "zero", "normalize" as Vega-Lite has them
};

constexpr auto kCharts = std::to_array<PageChart>({
    {"anomalychart", Shape::line, false, "null"},
    {"areachart", Shape::area, false, "null"},
    {"barchart", Shape::lying_bar, true, "null"},
    {"card", Shape::text, true, "null"},
    {"columnchart", Shape::bar, true, "null"},
    {"linechart", Shape::line, false, "null"},
    {"piechart", Shape::arc, true, "null"},
    {"scatterchart", Shape::point, false, "null"},
    {"stackedareachart", Shape::area, false, "zero"},
    {"timechart", Shape::line, false, "null"},
});

std::string quoted(std::string_view text) {
  std::string out;
  kernels::append_json_string(out, text);
  return out;
}

std::string number(double value) {
  std::string out;
  kernels::append_real(out, value);
  return out;
}

/// x as Vega-Lite counts it: milliseconds since 1970, seconds of a timespan.
double place_of(AxisKind axis, double x) {
  if (axis == AxisKind::datetime) return (x - static_cast<double>(kernels::kUnixEpochTicks)) / 1e4;
  if (axis == AxisKind::timespan) return x / 1e7;
  return x;
}

std::string values_of(const ChartData& data) {
  std::string out = "[";
  for (const Series& series : data.series) {
    const std::string name = quoted(series.name);
    for (const Point& point : series.points) {
      out += out.size() > 1 ? ",{" : "{";
      out += "\"x\":" + (data.axis == AxisKind::category ? quoted(data.categories[static_cast<std::size_t>(point.x)])
                                                         : number(place_of(data.axis, point.x)));
      out += ",\"y\":" + number(point.y) + ",\"s\":" + name + "}";
    }
  }
  return out + "]";
}

std::string_view stack_of(std::string_view asked, std::string_view otherwise) {
  if (asked == "stacked") return "\"zero\"";
  if (asked == "stacked100") return "\"normalize\"";
  if (asked == "unstacked") return "null";
  return otherwise == "zero" ? "\"zero\"" : "null";
}

/// The scale of an axis, with a comma before it; empty where nothing is asked.
std::string scale_of(const plan::Rendering& rendering, bool log, bool bounded) {
  std::string members = log ? "\"type\":\"symlog\"" : "";
  for (const auto& [property, member] : {std::pair{"ymin", "domainMin"}, std::pair{"ymax", "domainMax"}}) {
    const auto value = kernels::parse_real(bounded ? chart_property(rendering, property) : "");
    if (value && std::isfinite(*value))
      members += (members.empty() ? "\"" : ",\"") + std::string(member) + "\":" + number(*value);
  }
  return members.empty() ? "" : ",\"scale\":{" + members + "}";
}

std::string axis(const ChartData& data, std::string_view kind_of_x, const plan::Rendering& rendering) {
  return R"({"field":"x","type":")" + std::string(kind_of_x) + R"(","title":)" + quoted(data.x_title) +
         (data.axis == AxisKind::category   ? R"(,"sort":null)"
          : data.axis == AxisKind::datetime ? R"(,"scale":{"type":"utc"})"  // not the reader's own zone
                                            : scale_of(rendering, chart_property(rendering, "xaxis") == "log", false)) +
         "}";
}

std::string layer(const PageChart& chart, const ChartData& data, const plan::Rendering& rendering) {
  const std::string legend = chart_property(rendering, "legend") == "hidden" || data.series.size() < 2 ? R"(,"legend":null)" : "";
  const std::string colour = R"("color":{"field":"s","type":"nominal","sort":null,"title":null)" + legend + "}";
  const std::string y_title = chart_property(rendering, "ytitle");
  const std::string y_name = !y_title.empty() ? y_title : data.series.size() == 1 ? data.series[0].name : "";
  const std::string x = axis(data,
                             data.axis == AxisKind::category   ? "nominal"
                             : data.axis == AxisKind::datetime ? "temporal"
                                                               : "quantitative",
                             rendering);
  const std::string_view stack = stack_of(chart_property(rendering, "kind"), chart.stack);
  const std::string y = R"({"field":"y","type":"quantitative","title":)" + (y_name.empty() ? "null" : quoted(y_name)) +
                        ",\"stack\":" + std::string(stack) +
                        scale_of(rendering, chart_property(rendering, "yaxis") == "log", true) + "}";
  const std::string tip = std::string(R"("tooltip":[{"field":"s","title":"series"},{"field":")") +
                          (data.axis == AxisKind::datetime ? "at" : "x") + R"(","type":"nominal","title":)" +
                          quoted(data.x_title) + R"(},{"field":"y","type":"quantitative","title":"value"}])";
  switch (chart.shape) {
    case Shape::line:
      return R"("mark":{"type":"line","point":{"size":12},"interpolate":"linear"},"encoding":{"x":)" + x + ",\"y\":" + y + "," +
             colour + "," + tip + "}";
    case Shape::area:
      return R"("mark":{"type":"area","line":true,"opacity":)" + std::string(stack == "null" ? "0.4" : "0.8") +
             R"(},"encoding":{"x":)" + x + ",\"y\":" + y + "," + colour + "," + tip + "}";
    case Shape::point:
      return R"("mark":{"type":"point","filled":true},"encoding":{"x":)" + x + ",\"y\":" + y + "," + colour + "," + tip + "}";
    case Shape::bar:
    case Shape::lying_bar: {
      const bool lying = chart.shape == Shape::lying_bar;
      // Side by side where they are not stacked.
      const std::string offset = stack == "null" && data.series.size() > 1
                                     ? std::string(lying ? "\"yOffset\"" : "\"xOffset\"") + R"(:{"field":"s","sort":null},)"
                                     : "";
      return R"("mark":"bar","encoding":{")" + std::string(lying ? "y" : "x") + "\":" + x + ",\"" + (lying ? "x" : "y") +
             "\":" + y + "," + offset + colour + "," + tip + "}";
    }
    case Shape::arc:
      return R"("mark":{"type":"arc","tooltip":true},"encoding":{"theta":{"field":"y","type":"quantitative","stack":true},"color":)" +
             x + "," + tip + "}";
    case Shape::text:
      return R"("mark":{"type":"text","fontSize":48},"encoding":{"text":{"field":"y","type":"quantitative","format":",.6~g"},"column":)" +
             std::string(R"({"field":"s","type":"nominal","sort":null,"title":null}})");
  }
  return {};
}

/// The first row's numbers, each a card of its name.
Grid first_row(const Grid& grid) {
  Grid one{{{"", columnar::Type::string}}, {}, false};
  one.schema.insert(one.schema.end(), grid.schema.begin(), grid.schema.end());
  if (grid.rows.empty()) return one;
  std::vector<columnar::Value> cells = {{columnar::Type::string, std::string("value")}};
  cells.insert(cells.end(), grid.rows.front().begin(), grid.rows.front().end());
  one.rows.push_back(std::move(cells));
  return one;
}

}  // namespace

bool has_vega_spec(std::string_view kind) { return std::ranges::find(kCharts, kind, &PageChart::kind) != kCharts.end(); }

std::string vega_spec(const plan::Rendering& rendering, const Grid& grid) {
  const auto* const chart = std::ranges::find(kCharts, rendering.kind, &PageChart::kind);
  if (chart == kCharts.end()) return {};
  const bool is_card = chart->shape == Shape::text;
  const auto data = chart_data(is_card ? plan::Rendering{"piechart", {{"title", chart_property(rendering, "title")}}} : rendering,
                               is_card ? first_row(grid) : grid, chart->categorical);
  if (!data) return {};
  // A page is as wide as its window; cards and pies have a size of their own.
  const bool wide = chart->shape != Shape::arc && !is_card;
  return R"({"$schema":"https://vega.github.io/schema/vega-lite/v6.json","background":null,)" +
         (data->title.empty() ? "" : "\"title\":" + quoted(data->title) + ",") +
         (wide      ? R"("width":"container","height":360,)"
          : is_card ? R"("width":200,"height":100,)"
                    : R"("width":360,"height":360,)") +
         "\"data\":{\"values\":" + values_of(*data) + "}," +
         (data->axis == AxisKind::datetime
              ? R"x("transform":[{"calculate":"utcFormat(datum.x, '%Y-%m-%d %H:%M:%S')","as":"at"}],)x"
              : "") +
         layer(*chart, *data, rendering) + "}";
}

}  // namespace wardian::cli
