#include "wardian/cli/answer/chart_data.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>

#include "wardian/base/overloaded.h"
#include "wardian/kernels/datetime.h"
#include "wardian/kernels/number_text.h"
#include "wardian/kernels/timespan.h"

namespace wardian::cli {

using columnar::Type;
using columnar::Value;

namespace {

constexpr double kTicksPerDay = 864e9;

std::optional<double> number_of(const Value& value) {
  return std::visit(
      overloaded{[](std::int64_t held) -> std::optional<double> { return static_cast<double>(held); },
                 [](double held) -> std::optional<double> { return std::isfinite(held) ? std::optional(held) : std::nullopt; },
                 [&](const std::string& held) -> std::optional<double> {
                   return value.type == Type::decimal ? kernels::parse_real(held) : std::nullopt;
                 },
                 [](const auto&) -> std::optional<double> { return std::nullopt; }},
      value.held);
}

std::string text_of(const Value& value) {
  return std::visit(overloaded{[](std::monostate) { return std::string("(null)"); },
                               [](bool held) { return std::string(held ? "true" : "false"); },
                               [&](std::int64_t held) {
                                 if (value.type == Type::datetime) return kernels::format_datetime(held);
                                 if (value.type == Type::timespan) return kernels::format_timespan(held);
                                 return std::to_string(held);
                               },
                               [](double held) {
                                 std::string text;
                                 kernels::append_real(text, held);
                                 return text;
                               },
                               [](const std::string& held) { return held; }},
                    value.held);
}

/// Columns of a property that lists names: "a, b".
std::vector<std::size_t> named_columns(const columnar::Schema& schema, std::string_view names) {
  std::vector<std::size_t> columns;
  while (!names.empty()) {
    const std::size_t comma = names.find(',');
    if (const auto at = columnar::find_column(schema, kernels::trimmed(names.substr(0, comma)))) columns.push_back(*at);
    names.remove_prefix(comma == std::string_view::npos ? names.size() : comma + 1);
  }
  return columns;
}

struct Roles {
  std::size_t x = 0;
  std::vector<std::size_t> series, y;
};

std::optional<Roles> roles(const plan::Rendering& rendering, const columnar::Schema& schema) {
  Roles roles;
  const std::vector<std::size_t> x = named_columns(schema, chart_property(rendering, "xcolumn"));
  const auto first_time =
      std::find_if(schema.begin(), schema.end(), [](const columnar::Column& column) { return column.type == Type::datetime; });
  if (!x.empty()) {
    roles.x = x.front();
  } else if (first_time != schema.end() && rendering.kind != "piechart") {
    roles.x = static_cast<std::size_t>(first_time - schema.begin());
  }
  roles.series = named_columns(schema, chart_property(rendering, "series"));
  roles.y = named_columns(schema, chart_property(rendering, "ycolumns"));
  const bool find_series = roles.series.empty();
  const bool find_y = roles.y.empty();
  const auto taken = [&](std::size_t at) {
    return at == roles.x || std::find(roles.series.begin(), roles.series.end(), at) != roles.series.end() ||
           std::find(roles.y.begin(), roles.y.end(), at) != roles.y.end();
  };
  for (std::size_t at = 0; at < schema.size(); ++at) {
    if (taken(at)) continue;
    const Type type = schema[at].type;
    if (find_y && (columnar::is_numeric(type) || type == Type::timespan)) {
      roles.y.push_back(at);
    } else if (find_series && (type == Type::string || type == Type::boolean || type == Type::guid)) {
      roles.series.push_back(at);
    }
  }
  if (schema.empty() || roles.y.empty()) return std::nullopt;
  return roles;
}

AxisKind axis_of(Type type) {
  if (type == Type::datetime) return AxisKind::datetime;
  if (type == Type::timespan) return AxisKind::timespan;
  return columnar::is_numeric(type) ? AxisKind::number : AxisKind::category;
}

}  // namespace

std::string chart_property(const plan::Rendering& rendering, const std::string& name) {
  const auto found = rendering.properties.find(name);
  return found == rendering.properties.end() ? std::string() : found->second;
}

std::optional<ChartData> chart_data(const plan::Rendering& rendering, const Grid& grid, bool categorical) {
  const std::optional<Roles> chosen = roles(rendering, grid.schema);
  if (!chosen || grid.rows.empty()) return std::nullopt;
  ChartData data;
  data.title = chart_property(rendering, "title");
  data.x_title = chart_property(rendering, "xtitle");
  if (data.x_title.empty()) data.x_title = grid.schema[chosen->x].name;
  data.axis = categorical ? AxisKind::category : axis_of(grid.schema[chosen->x].type);

  std::map<std::string, std::size_t> category_places;
  std::map<std::string, std::size_t> series_places;
  for (const auto& row : grid.rows) {
    double x = 0;
    if (data.axis == AxisKind::category) {
      std::string text = text_of(row[chosen->x]);
      const auto [place, fresh] = category_places.emplace(text, data.categories.size());
      if (fresh) data.categories.push_back(std::move(text));
      x = static_cast<double>(place->second);
    } else if (const auto number = number_of(row[chosen->x])) {
      x = *number;
    } else {
      continue;
    }
    std::string group;
    for (const std::size_t column : chosen->series) group += (group.empty() ? "" : ", ") + text_of(row[column]);
    for (const std::size_t column : chosen->y) {
      auto y = number_of(row[column]);
      if (!y) continue;
      if (grid.schema[column].type == Type::timespan) *y /= 1e7;  // seconds are what people read
      std::string name = group;
      if (name.empty() || chosen->y.size() > 1) name += (name.empty() ? "" : ": ") + grid.schema[column].name;
      const auto [place, fresh] = series_places.emplace(name, data.series.size());
      if (fresh) data.series.push_back({std::move(name), {}});
      data.series[place->second].points.push_back({x, *y});
    }
  }
  if (data.series.empty()) return std::nullopt;
  return data;
}

std::string short_number(double value) {
  static constexpr std::array<std::pair<double, const char*>, 4> kUnits = {{{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e4, "k"}}};
  const char* unit = "";
  for (const auto& [size, name] : kUnits) {
    if (std::fabs(value) >= size) {
      value /= name[0] == 'k' ? 1e3 : size;
      unit = name;
      break;
    }
  }
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.4g%s", value, unit);
  return text.data();
}

std::string axis_label(AxisKind axis, double value, double low, double high) {
  if (axis == AxisKind::timespan) return kernels::format_timespan(static_cast<std::int64_t>(value));
  if (axis != AxisKind::datetime) return short_number(value);
  std::string text;
  const double days = (high - low) / kTicksPerDay;
  kernels::append_datetime_by_pattern(text, static_cast<std::int64_t>(value),
                                      days > 3      ? "yyyy-MM-dd"
                                      : days > 0.01 ? "MM-dd HH:mm"
                                                    : "HH:mm:ss");
  return text;
}

}  // namespace wardian::cli
