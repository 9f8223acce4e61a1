#include "wardian/session/named_files.h"

#include <algorithm>

#include "wardian/base/similar_name.h"
#include "wardian/catalog/foreign_file.h"
#include "wardian/sqltree/printer.h"

namespace wardian::session {
namespace {

/// A format by the language's name. Source: its reference, "Data formats supported for ingestion".
struct NamedFormat {
  std::string_view name;
  catalog::FileFormat format;
  std::string_view delimiter = {};
};
constexpr NamedFormat kFormats[] = {
    {"arrow", catalog::FileFormat::arrow},       {"csv", catalog::FileFormat::csv, ","},
    {"json", catalog::FileFormat::json_lines},   {"multijson", catalog::FileFormat::json_lines},
    {"parquet", catalog::FileFormat::parquet},   {"psv", catalog::FileFormat::csv, "|"},
    {"raw", catalog::FileFormat::whole},         {"scsv", catalog::FileFormat::csv, ";"},
    {"sohsv", catalog::FileFormat::csv, "\x01"}, {"tsv", catalog::FileFormat::tsv, "\t"},
    {"txt", catalog::FileFormat::lines},
};
constexpr std::string_view kProperties[] = {"format", "ignoreFirstRecord"};

/// What the query says of its files; the extension of `location` tells the format where it says none.
Result<catalog::ReadOptions> read_options(const kql::ExternalFiles::Request& request, const std::filesystem::path& location) {
  for (const auto& [name, value] : request.properties) {
    if (std::ranges::find(kProperties, name) == std::end(kProperties))
      return Error{ErrorCode::bad_argument, "Unknown property of externaldata: " + name, request.span,
                   did_you_mean(name, kProperties)};
  }
  catalog::ReadOptions options;
  options.declared = request.schema;
  std::string_view delimiter;
  if (const auto given = request.properties.find("format"); given != request.properties.end()) {
    const auto* const row = std::ranges::find(kFormats, std::string_view(given->second), &NamedFormat::name);
    if (row == std::end(kFormats)) {
      std::vector<std::string_view> names;
      for (const NamedFormat& each : kFormats) names.push_back(each.name);
      const std::string close = did_you_mean(given->second, names);
      return Error{ErrorCode::bad_argument, "Unknown format of a file: " + given->second, request.span,
                   close.empty() ? "csv, tsv, psv, scsv, sohsv, txt, raw, json, multijson, parquet or arrow" : close};
    }
    options.format = row->format;
    delimiter = row->delimiter;
  } else {
    options.format = catalog::file_format(location);
    if (!options.format) options.format = catalog::FileFormat::csv;
    delimiter = *options.format == catalog::FileFormat::csv ? "," : *options.format == catalog::FileFormat::tsv ? "\t" : "";
  }
  if (!delimiter.empty()) {
    const auto skip = request.properties.find("ignoreFirstRecord");
    options.by_position = catalog::ByPosition{std::string(delimiter), skip != request.properties.end() && skip->second == "true"};
  }
  return options;
}

/// A location as a path: "file:///x/y", "x/y", each perhaps followed by ";" and a key, which local files need not.
Result<std::filesystem::path> path_of(std::string_view location, SourceSpan span) {
  location = location.substr(0, location.find(';'));
  if (location.starts_with("file://")) {
    location.remove_prefix(7);
  } else if (location.find("://") != std::string_view::npos) {
    return Error{ErrorCode::access_denied, "Only local files can be read: " + std::string(location), span, {}};
  }
  return std::filesystem::path(location);
}

}  // namespace

Result<plan::NodePtr> NamedFiles::open(const Request& request) {
  sqltree::SetOperation all{"UNION ALL", {}};
  for (const std::string& location : request.locations) {
    WARDIAN_ASSIGN(const std::filesystem::path path, path_of(location, request.span));
    WARDIAN_ASSIGN(const catalog::ReadOptions options, read_options(request, path));
    auto opened = catalog::open_foreign_file(connection_, path, options);
    if (!opened.ok()) {
      Error error = std::move(opened).error();
      error.span = request.span;
      return error;
    }
    all.inputs.push_back(opened->query);
  }
  if (all.inputs.empty()) return Error{ErrorCode::argument_count, "externaldata needs a file", request.span, {}};
  const sqltree::QueryPtr query = all.inputs.size() == 1
                                      ? all.inputs.front()
                                      : std::make_shared<const sqltree::Query>(sqltree::Query{std::move(all), {}, nullptr});
  plan::Scan scan;
  scan.path = {"external_" + std::to_string(files_++)};
  scan.label = request.locations.front();
  std::string names;
  for (std::size_t at = 0; at < request.schema.size(); ++at) {
    scan.columns.push_back("c" + std::to_string(at));
    names += (at > 0 ? ", " : "") + scan.columns.back();
  }
  WARDIAN_TRY(connection_.execute("CREATE TEMP VIEW " + sqltree::quoted_name(scan.path.front()) + "(" + names + ") AS " +
                                  sqltree::print(*query)));
  return plan::make_node(std::move(scan), request.schema);
}

}  // namespace wardian::session
