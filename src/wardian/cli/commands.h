#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "wardian/cli/answer/answer_writer.h"
#include "wardian/sandbox/level.h"
#include "wardian/sandbox/policy.h"

namespace wardian::cli {

enum ExitStatus : int { kFine = 0, kFailed = 1, kUsage = 2, kInterrupted = 130 };

/// What a query sees and within which limits its scripts run.
struct Surroundings {
  std::optional<std::filesystem::path> database_folder;
  std::string database = "default";                                   // --database: which one of the folder
  std::vector<std::pair<std::string, std::filesystem::path>> tables;  // --table name=FILE
  sandbox::Policy sandbox;
  unsigned sandbox_count_max = 16;
  sandbox::Level minimum_level = sandbox::Level::d;
  bool external_files_allowed = false;
  std::uint64_t memory_bytes_max = 0;  // of the engine; 0: half of the machine's
};

struct QueryOptions {
  Surroundings surroundings;
  std::string text;
  std::string text_name = "query";  // for errors: the file's path
  std::vector<std::pair<std::string, std::string>> parameters;
  AnswerFormat format = AnswerFormat::table;
  std::optional<std::filesystem::path> output;
  std::optional<std::chrono::milliseconds> timeout;
  bool console = false;       // show what scripts print
  std::string python_dtypes;  // how scripts are given their columns
};

// Each runs one command and gives the exit status; errors have been printed.
int run_query(const QueryOptions& options);
int run_query_lines(const QueryOptions& options);  // query --jsonl
int run_parse_lines();                             // parse --jsonl
int run_parse(const std::string& text, const std::string& name);
int run_explain(const QueryOptions& options);
int run_doctor(bool json);

struct ImportOptions {
  std::filesystem::path database_folder;
  std::string database = "default";
  std::vector<std::filesystem::path> files;
  std::string table;
  std::uint64_t memory_bytes_max = 0;  // 0: half of the machine's
  std::string schema;                  // "a:long, b:datetime"; empty: inferred
  bool append = false;
  bool replace = false;
};
int run_import(const ImportOptions& options);

}  // namespace wardian::cli
