#include "wardian/session/file_scans.h"

#include <simdjson.h>

namespace wardian::session {
namespace {

namespace dom = simdjson::dom;

/// The texts of a list, or the one text, joined.
std::string joined(const dom::object& details, std::string_view name, std::string_view between) {
  dom::element value;
  std::string_view text;
  if (details.at_key(name).get(value) != simdjson::SUCCESS) return {};
  if (value.get(text) == simdjson::SUCCESS) return std::string(text);
  std::string made;
  dom::array list;
  if (value.get(list) != simdjson::SUCCESS) return {};
  for (const dom::element each : list) {
    if (each.get(text) == simdjson::SUCCESS) made += (made.empty() ? "" : std::string(between)) + std::string(text);
  }
  return made;
}

void add_scans(const dom::element& node, std::string& out) {
  dom::object details;
  std::string_view name;
  if (node["name"].get(name) == simdjson::SUCCESS && node["extra_info"].get(details) == simdjson::SUCCESS &&
      joined(details, "Function", "").find("PARQUET") != std::string::npos) {
    const std::string columns = joined(details, "Projections", ", "), filters = joined(details, "Filters", " AND ");
    out += "columns: " + (columns.empty() ? "none" : columns) + "; filters: " + (filters.empty() ? "none" : filters) + "\n";
  }
  dom::array children;
  if (node["children"].get(children) != simdjson::SUCCESS) return;
  for (const dom::element child : children) add_scans(child, out);
}

}  // namespace

Result<std::string> file_scans(engine::Connection& connection, const std::string& sql) {
  const columnar::Schema shape{{"key", columnar::Type::string}, {"plan", columnar::Type::string}};
  WARDIAN_ASSIGN(const std::vector<engine::Row> rows, connection.rows("EXPLAIN (FORMAT JSON) " + sql, shape));
  std::string out;
  for (const engine::Row& row : rows) {
    dom::parser parser;
    dom::element root;
    dom::array nodes;
    if (parser.parse(std::get<std::string>(row[1].held)).get(root) != simdjson::SUCCESS) continue;
    if (root.get(nodes) != simdjson::SUCCESS) continue;
    for (const dom::element node : nodes) add_scans(node, out);
  }
  return out;
}

}  // namespace wardian::session
