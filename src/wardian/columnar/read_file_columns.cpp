#include <simdjson.h>

#include "wardian/columnar/file_columns.h"

namespace wardian::columnar {

std::vector<FileColumn> read_file_columns(std::string_view text) {
  std::vector<FileColumn> columns;
  simdjson::dom::parser parser;
  simdjson::dom::array listed;
  if (parser.parse(text.data(), text.size(), true)["columns"].get(listed) != simdjson::SUCCESS) return columns;
  for (const simdjson::dom::element one : listed) {
    std::string_view name, type_text, unit_text;
    if (one["name"].get(name) != simdjson::SUCCESS || one["type"].get(type_text) != simdjson::SUCCESS) return {};
    const std::optional<Type> type = type_from_name(type_text);
    if (!type) return {};
    FileColumn column{std::string(name), *type, FileUnit::none};
    if (one["unit"].get(unit_text) == simdjson::SUCCESS) {
      for (const auto& [known, unit] : kFileUnits) {
        if (known == unit_text) column.unit = unit;
      }
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

}  // namespace wardian::columnar
