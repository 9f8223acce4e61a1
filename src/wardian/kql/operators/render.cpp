#include <algorithm>
#include <array>

#include "wardian/base/similar_name.h"
#include "wardian/kql/operators/operators.h"

namespace wardian::kql {
namespace {

// What the language has; which of them are drawn is for the client to say.
constexpr auto kCharts = std::to_array<std::string_view>(
    {"3Dchart",   "anomalychart", "areachart", "barchart",      "card",      "columnchart", "graph",        "ladderchart",
     "linechart", "list",         "piechart",  "pivotchart",    "plotly",    "sankey",      "scatterchart", "stackedareachart",
     "table",     "timechart",    "timeline",  "timelinechart", "timepivot", "treemap"});

constexpr auto kProperties = std::to_array<std::string_view>({"accumulate", "anomalycolumns", "by", "kind", "legend", "series",
                                                              "title", "with", "xaxis", "xcolumn", "xmax", "xmin", "xtitle",
                                                              "yaxis", "ycolumns", "ymax", "ymin", "ysplit", "ytitle"});

std::string text_of(const syntax::Expr& value) {
  if (const auto* name = std::get_if<syntax::Name>(&value.node)) return name->text;
  if (const auto* literal = std::get_if<syntax::Literal>(&value.node)) {
    if (const auto* text = std::get_if<std::string>(&literal->value.held)) return *text;
    if (const auto* whole = std::get_if<std::int64_t>(&literal->value.held)) return std::to_string(*whole);
    if (const auto* real = std::get_if<double>(&literal->value.held)) return std::to_string(*real);
    if (const auto* truth = std::get_if<bool>(&literal->value.held)) return *truth ? "true" : "false";
  }
  if (const auto* list = std::get_if<syntax::Call>(&value.node)) {  // ycolumns = a, b
    std::string made;
    for (const syntax::Expr& item : list->arguments) made += (made.empty() ? "" : ",") + text_of(item);
    return made;
  }
  return {};
}

}  // namespace

OperatorResult bind_operator(Binder& binder, const syntax::RenderOperator& node, const OperatorSite& site) {
  if (std::ranges::find(kCharts, node.chart.text) == kCharts.end()) {
    return error_at(ErrorCode::bad_argument, "Unknown kind of chart: " + node.chart.text, node.chart.span,
                    did_you_mean(node.chart.text, kCharts));
  }
  plan::Rendering rendering;
  rendering.kind = node.chart.text;
  for (const syntax::Parameter& property : node.properties) {
    if (std::ranges::find(kProperties, property.name.text) == kProperties.end()) {
      return error_at(ErrorCode::bad_argument, "A chart has no such property: " + property.name.text, property.name.span,
                      did_you_mean(property.name.text, kProperties));
    }
    rendering.properties.insert_or_assign(property.name.text, text_of(property.value));
  }
  binder.rendering = std::move(rendering);
  return site.input;
}

OperatorResult bind_operator(Binder&, const syntax::ConsumeOperator&, const OperatorSite& site) {
  // The rows are computed and dropped: none comes out.
  columnar::Schema schema = site.input->schema;
  return plan::make_node(plan::Filter{site.input, constant_expr(Value{Type::boolean, false}, site.span)}, std::move(schema));
}

}  // namespace wardian::kql
