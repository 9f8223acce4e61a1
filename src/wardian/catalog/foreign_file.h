#pragma once

#include <filesystem>
#include <optional>

#include "wardian/engine/connection.h"
#include "wardian/sqltree/tree.h"

namespace wardian::catalog {

/// `lines`: each line a text; `whole`: the file as one text.
enum class FileFormat : std::uint8_t { csv, tsv, json_lines, parquet, arrow, lines, whole };

/// By the name's extension, a trailing .gz or .zst left aside: csv, tsv and tab, json, jsonl and ndjson, parquet, arrow,
/// arrows, feather and ipc.
std::optional<FileFormat> file_format(const std::filesystem::path& file);

/// How a query's own words read a file of separated values: its columns by position, nothing told from its look. A row that has
/// fewer is filled up with nulls, a text that is no value of its column is null.
struct ByPosition {
  std::string delimiter;
  bool skip_first_record = false;
};

struct ReadOptions {
  std::optional<FileFormat> format;          // by extension when absent
  std::optional<columnar::Schema> declared;  // columns wanted, by name, else (a CSV without header) by position
  bool only_declared = false;                // a column that is not declared is an error, not left out
  bool inspect_all = false;                  // types inferred from all rows instead of the first ones
  std::optional<ByPosition> by_position;     // needs `declared`
  bool with_stored = false;                  // of a Parquet file: columns that are converted also as they stand in it
};

/// A file as a table: what a plan may scan. `query` gives exactly the schema's columns, in plan types.
struct ForeignFile {
  columnar::Schema schema;
  sqltree::QueryPtr query;
  /// For each column the engine's type of what the file holds in its place, in a further column r0, r1, … of the query; an
  /// empty type: there is none.
  std::vector<std::string> stored = {};
};

/// Looks into the file. Errors: file_not_found, bad_file (also for an unknown extension), unknown_name for a declared
/// column that the file lacks.
Result<ForeignFile> open_foreign_file(engine::Connection& connection, const std::filesystem::path& file,
                                      const ReadOptions& options);

}  // namespace wardian::catalog
