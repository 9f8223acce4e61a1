#include <algorithm>
#include <array>

#include "wardian/base/similar_name.h"
#include "wardian/kql/operators/operators.h"
#include "wardian/kql/operators/render.h"

namespace wardian::kql {
namespace {

// What the language has; which of them are drawn is for the client to say.
constexpr auto kCharts = std::to_array<std::string_view>(
    {"3Dchart",   "anomalychart", "areachart", "barchart",      "card",      "columnchart", "graph",        "ladderchart",
     "linechart", "list",         "piechart",  "pivotchart",    "plotly",    "sankey",      "scatterchart", "stackedareachart",
     "table",     "timechart",    "timeline",  "timelinechart", "timepivot", "treemap"});

/// A property, and what it may be: "columns", "text", "bool", "number", or words parted by |; none: anything.
struct Property {
  std::string_view name;
  std::string_view value = {};
};
constexpr std::string_view kScales = "linear|log";
constexpr auto kPropertyRows = std::to_array<Property>({{"accumulate", "bool"},
                                                        {"anomalycolumns", "columns"},
                                                        {"by"},
                                                        {"kind", "default|unstacked|stacked|stacked100|map"},
                                                        {"legend", "visible|hidden"},
                                                        {"series", "columns"},
                                                        {"title", "text"},
                                                        {"with"},
                                                        {"xaxis", kScales},
                                                        {"xcolumn", "columns"},
                                                        {"xmax"},
                                                        {"xmin"},
                                                        {"xtitle", "text"},
                                                        {"yaxis", kScales},
                                                        {"ycolumns", "columns"},
                                                        {"ymax", "number"},
                                                        {"ymin", "number"},
                                                        {"ysplit", "none|axes|panels"},
                                                        {"ytitle", "text"}});

constexpr auto kProperties = [] {
  std::array<std::string_view, kPropertyRows.size()> names{};
  std::ranges::transform(kPropertyRows, names.begin(), &Property::name);
  return names;
}();

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

/// A column that is not there hinders no run: the properties are for whoever draws, and an example of the functions library names a
/// column that its script alone knows of.
Status check_columns(const syntax::Expr& value) {
  if (const auto* list = std::get_if<syntax::Call>(&value.node)) {
    for (const syntax::Expr& item : list->arguments) WARDIAN_TRY(check_columns(item));
    return {};
  }
  const auto* name = std::get_if<syntax::Name>(&value.node);
  if (name == nullptr) return error_at(ErrorCode::wrong_context, "The name of a column is needed here", value.span);
  return {};
}

/// The property's value as text; an error where it is none that the property may have.
Result<std::string> value_of(Binder& binder, const Property& property, const syntax::Expr& value, const OperatorSite& site) {
  const auto* literal = std::get_if<syntax::Literal>(&value.node);
  if (property.value == "text") return binder.constant_string(value, site.env.without_rows());
  std::string text = text_of(value);
  if (property.value.empty()) return text;
  if (property.value == "columns") {
    WARDIAN_TRY(check_columns(value));
    return text;
  }
  if (property.value == "bool") {
    if (literal != nullptr && literal->value.type == Type::boolean) return text;
    return error_at(ErrorCode::bad_argument, "true or false is needed here", value.span);
  }
  if (property.value == "number") {
    const bool number = literal != nullptr && columnar::is_numeric(literal->value.type);
    if (number || std::holds_alternative<syntax::Unary>(value.node)) return text;
    return error_at(ErrorCode::bad_argument, "A number is needed here", value.span);
  }
  std::string all;
  for (std::string_view rest = property.value; !rest.empty();) {
    const std::string_view word = rest.substr(0, rest.find('|'));
    if (word == text) return text;
    all += (all.empty() ? "" : ", ") + std::string(word);
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
  }
  return error_at(ErrorCode::bad_argument, "No such value of " + std::string(property.name) + ": " + text, value.span,
                  "One of " + all);
}

}  // namespace

std::span<const std::string_view> chart_kinds() { return kCharts; }
std::span<const std::string_view> chart_properties() { return kProperties; }

OperatorResult bind_operator(Binder& binder, const syntax::RenderOperator& node, const OperatorSite& site) {
  if (std::ranges::find(kCharts, node.chart.text) == kCharts.end()) {
    return error_at(ErrorCode::bad_argument, "Unknown kind of chart: " + node.chart.text, node.chart.span,
                    did_you_mean(node.chart.text, kCharts));
  }
  plan::Rendering rendering;
  rendering.kind = node.chart.text;
  for (const syntax::Parameter& property : node.properties) {
    const auto* const row = std::ranges::find(kPropertyRows, property.name.text, &Property::name);
    if (row == kPropertyRows.end()) {
      return error_at(ErrorCode::bad_argument, "A chart has no such property: " + property.name.text, property.name.span,
                      did_you_mean(property.name.text, kProperties));
    }
    WARDIAN_ASSIGN(std::string text, value_of(binder, *row, property.value, site));
    rendering.properties.insert_or_assign(property.name.text, std::move(text));
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
