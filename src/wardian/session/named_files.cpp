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

constexpr std::size_t kFilesListedMax = 100'000, kFilesReadMax = 1'000;

/// The files at and below a path whose names fit.
Result<std::vector<std::filesystem::path>> files_in(const std::filesystem::path& path, const kql::ExternalFiles::Search& search) {
  namespace fs = std::filesystem;
  const auto fits = [&](const fs::path& file) {
    const std::string name = file.filename().string();
    return name.starts_with(search.name_begin) && name.ends_with(search.name_end);
  };
  std::error_code unknown;
  if (fs::is_regular_file(path, unknown)) return fits(path) ? std::vector<fs::path>{path} : std::vector<fs::path>();
  std::vector<fs::path> made;
  fs::recursive_directory_iterator at(path, fs::directory_options::skip_permission_denied, unknown);
  if (unknown) return Error{ErrorCode::file_not_found, "No such file or folder: " + path.string(), search.span, {}};
  for (std::size_t listed = 0; at != fs::recursive_directory_iterator(); at.increment(unknown)) {
    if (unknown) return Error{ErrorCode::bad_file, "The folder cannot be read: " + path.string(), search.span, {}};
    if (++listed > kFilesListedMax) {
      return Error{ErrorCode::bad_argument, "The folder holds too many files: " + path.string(), search.span, {}};
    }
    if (at->is_regular_file(unknown) && fits(at->path())) made.push_back(at->path());
  }
  return made;
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
  return show(query, request.schema, request.locations.front());
}

Result<plan::NodePtr> NamedFiles::show(const sqltree::QueryPtr& query, columnar::Schema schema, std::string label) {
  plan::Scan scan;
  scan.path = {"external_" + std::to_string(files_++)};
  scan.label = std::move(label);
  std::string names;
  for (std::size_t at = 0; at < schema.size(); ++at) {
    scan.columns.push_back("c" + std::to_string(at));
    names += (at > 0 ? ", " : "") + scan.columns.back();
  }
  WARDIAN_TRY(connection_.execute("CREATE TEMP VIEW " + sqltree::quoted_name(scan.path.front()) + "(" + names + ") AS " +
                                  sqltree::print(*query)));
  return plan::make_node(std::move(scan), std::move(schema));
}

Result<std::vector<plan::NodePtr>> NamedFiles::find(const Search& search) {
  const auto* const row = std::ranges::find(kFormats, std::string_view(search.format), &NamedFormat::name);
  const bool separated = row != std::end(kFormats) && row->format == catalog::FileFormat::csv && row->delimiter != ",";
  if (row == std::end(kFormats) || separated) {
    return Error{ErrorCode::bad_argument, "No schema can be told from files of that format: " + search.format, search.span,
                 "csv, tsv, txt, raw, json, multijson, parquet or arrow"};
  }
  std::vector<std::filesystem::path> files;
  for (const std::string& location : search.locations) {
    WARDIAN_ASSIGN(const std::filesystem::path path, path_of(location, search.span));
    WARDIAN_ASSIGN(std::vector<std::filesystem::path> found, files_in(path, search));
    files.insert(files.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  }
  if (files.empty()) return Error{ErrorCode::file_not_found, "No file is there to look into", search.span, {}};
  std::ranges::sort(files);
  if (search.which == Search::Which::last_written) {
    const auto written = [](const std::filesystem::path& file) {
      std::error_code unknown;
      const auto time = std::filesystem::last_write_time(file, unknown);
      return unknown ? std::filesystem::file_time_type::min() : time;
    };
    files = {*std::ranges::max_element(files, {}, written)};
  } else if (search.which == Search::Which::first) {
    files.resize(1);
  }
  if (files.size() > kFilesReadMax) {
    return Error{ErrorCode::bad_argument, "There are too many files to look into all of them: " + std::to_string(files.size()),
                 search.span, "Use the mode 'last', or name fewer files"};
  }
  std::vector<plan::NodePtr> made;
  for (const std::filesystem::path& file : files) {
    catalog::ReadOptions options;
    options.format = row->format;
    auto opened = catalog::open_foreign_file(connection_, file, options);
    if (!opened.ok()) {
      Error error = std::move(opened).error();
      error.span = search.span;
      return error;
    }
    WARDIAN_ASSIGN(plan::NodePtr table, show(opened->query, opened->schema, file.string()));
    made.push_back(std::move(table));
  }
  return made;
}

}  // namespace wardian::session
