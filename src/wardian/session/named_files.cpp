#include "wardian/session/named_files.h"

#include "wardian/catalog/foreign_file.h"
#include "wardian/sqltree/printer.h"

namespace wardian::session {
namespace {

/// The language's name of a format; nullopt when it is left to the file's extension.
Result<std::optional<catalog::FileFormat>> format_of(const std::map<std::string, std::string>& properties, SourceSpan span) {
  using catalog::FileFormat;
  static constexpr std::pair<std::string_view, FileFormat> kFormats[] = {
      {"arrow", FileFormat::arrow},          {"csv", FileFormat::csv},         {"json", FileFormat::json_lines},
      {"multijson", FileFormat::json_lines}, {"parquet", FileFormat::parquet}, {"tsv", FileFormat::tsv},
  };
  const auto given = properties.find("format");
  if (given == properties.end()) return std::optional<FileFormat>();
  for (const auto& [name, format] : kFormats) {
    if (name == given->second) return std::optional(format);
  }
  return Error{ErrorCode::bad_argument, "Unknown format of a file: " + given->second, span, "csv, tsv, json, parquet or arrow"};
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
  WARDIAN_ASSIGN(const auto format, format_of(request.properties, request.span));
  sqltree::SetOperation all{"UNION ALL", {}};
  for (const std::string& location : request.locations) {
    WARDIAN_ASSIGN(const std::filesystem::path path, path_of(location, request.span));
    auto opened = catalog::open_foreign_file(connection_, path, {format, request.schema, false});
    if (!opened.ok()) {
      Error error = std::move(opened).error();
      error.span = request.span;
      return error;
    }
    all.inputs.push_back(opened->query);
  }
  if (all.inputs.empty()) return Error{ErrorCode::argument_count, "externaldata needs a file", request.span, {}};
  const sqltree::QueryPtr query =
      all.inputs.size() == 1 ? all.inputs.front()
                             : std::make_shared<const sqltree::Query>(sqltree::Query{{}, std::move(all), {}, nullptr, nullptr});
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
