#include "wardian/cli/answer/series_rows.h"

#include <simdjson.h>

#include <algorithm>

#include "wardian/kernels/datetime.h"

namespace wardian::cli {
namespace {

using columnar::Type;
using columnar::Value;

/// An array's elements: datetimes where all are texts of such, else numbers; nullopt for anything else.
struct Elements {
  std::vector<Value> values;
  bool datetimes = false;
  bool numbers = false;
};

std::optional<Elements> elements(simdjson::dom::parser& parser, const std::string& json) {
  simdjson::dom::array array;
  if (parser.parse(json).get(array) != simdjson::SUCCESS) return std::nullopt;
  Elements made;
  for (const simdjson::dom::element element : array) {
    double number = 0;
    std::string_view text;
    if (element.is_null()) {
      made.values.push_back({Type::real, std::monostate()});
    } else if (element.get(number) == simdjson::SUCCESS) {
      made.values.push_back({Type::real, number});
      made.numbers = true;
    } else if (element.get(text) == simdjson::SUCCESS) {
      const auto ticks = kernels::parse_datetime(text);
      if (!ticks) return std::nullopt;
      made.values.push_back({Type::datetime, *ticks});
      made.datetimes = true;
    } else {
      return std::nullopt;
    }
  }
  if (made.numbers && made.datetimes) return std::nullopt;
  return made;
}

}  // namespace

Grid series_rows(const Grid& grid) {
  simdjson::dom::parser parser;
  Grid made{grid.schema, {}, grid.truncated};
  std::vector<std::vector<std::vector<Value>>> arrays(grid.schema.size());  // by column, by row; empty: not a column of arrays
  bool any = false;
  for (std::size_t column = 0; column < grid.schema.size(); ++column) {
    if (grid.schema[column].type != Type::dynamic) continue;
    std::vector<std::vector<Value>> rows;
    bool datetimes = false, numbers = false, fits = true;
    for (const auto& row : grid.rows) {
      const auto* json = std::get_if<std::string>(&row[column].held);
      std::optional<Elements> found = json == nullptr ? Elements() : elements(parser, *json);
      fits = found.has_value();
      if (!fits) break;
      datetimes |= found->datetimes;
      numbers |= found->numbers;
      rows.push_back(std::move(found->values));
    }
    if (!fits || datetimes == numbers) continue;
    made.schema[column].type = datetimes ? Type::datetime : Type::real;
    arrays[column] = std::move(rows);
    any = true;
  }
  if (!any) return grid;
  for (std::size_t row = 0; row < grid.rows.size(); ++row) {
    std::size_t length = 0;
    for (const auto& column : arrays) length = std::max(length, column.empty() ? 0 : column[row].size());
    for (std::size_t at = 0; at < length; ++at) {
      if (made.rows.size() == kGridRowsMax) {
        made.truncated = true;
        return made;
      }
      std::vector<Value> cells;
      for (std::size_t column = 0; column < arrays.size(); ++column) {
        if (arrays[column].empty()) {
          cells.push_back(grid.rows[row][column]);
        } else {
          const std::vector<Value>& values = arrays[column][row];
          cells.push_back(at < values.size() ? values[at] : columnar::null_of(made.schema[column].type));
        }
      }
      made.rows.push_back(std::move(cells));
    }
  }
  return made;
}

}  // namespace wardian::cli
