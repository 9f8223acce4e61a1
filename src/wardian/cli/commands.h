#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "wardian/cli/answer/answer_writer.h"
#include "wardian/cli/outputs/picture_terminal.h"
#include "wardian/sandbox/level.h"
#include "wardian/sandbox/policy.h"
#include "wardian/session/artifact_policy.h"

namespace wardian::cli {

enum ExitStatus : int { kFine = 0, kFailed = 1, kUsage = 2, kInterrupted = 130 };

/// What a query sees and within which limits its scripts run.
struct Surroundings {
  std::optional<std::filesystem::path> database_folder;
  std::string database = "default";                                   // --database: which one of the folder
  std::vector<std::pair<std::string, std::filesystem::path>> tables;  // --table name=FILE
  std::optional<std::filesystem::path> declarations;                  // --declarations: tables and functions without rows
  sandbox::Policy sandbox;
  unsigned sandbox_count_max = 16;
  sandbox::Level minimum_level = sandbox::Level::d;
  bool external_files_allowed = false;
  std::string image;              // --image; empty: the default one
  bool images_on_demand = false;  // --build-images
  session::ArtifactPolicy artifacts;
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
  std::optional<std::filesystem::path> debug_folder;  // --debug-python
  bool profile = false;                               // --profile-python
  std::optional<std::filesystem::path> artifacts;     // where to save what scripts leave beside
  std::optional<PictureProtocol> pictures;            // how the terminal takes pictures; nullopt: found out
  bool keep_blobs = false;
  bool console = false;       // show what scripts print
  std::string python_dtypes;  // how scripts are given their columns
};

// Each runs one command and gives the exit status; errors have been printed.
int run_query(const QueryOptions& options);
int run_profile(const QueryOptions& options);
int run_query_lines(const QueryOptions& options);  // query --jsonl
int run_parse_lines();                             // parse --jsonl
int run_check(const QueryOptions& options);
int run_check_lines(const QueryOptions& options);  // check --jsonl
int run_parse(const std::string& text, const std::string& name);
int run_explain(const QueryOptions& options);
int run_explain_lines(const QueryOptions& options);  // explain --jsonl
int run_shell(const QueryOptions& options);
int run_complete(const QueryOptions& options, std::optional<std::size_t> cursor);  // in characters; else the end of the text
int run_complete_lines(const QueryOptions& options);                               // complete --jsonl
int run_doctor(bool json);

/// What the commands about images were given.
struct ImageOptions {
  std::string name;
  std::filesystem::path requirements;  // -r
  std::filesystem::path environment;   // --from-venv
  std::optional<std::string> python;   // --python
  std::string installer;               // --installer
  bool sources_allowed = false;        // --allow-source
  bool json = false;                   // --json
  std::filesystem::path output;        // --output; empty: standard output
  std::filesystem::path script;
  Surroundings surroundings;  // limits of a trial
};
int run_image_create(const ImageOptions& options);
int run_image_update(const ImageOptions& options);
int run_image_list(const ImageOptions& options);
int run_image_show(const ImageOptions& options);
int run_image_remove(const ImageOptions& options);
int run_image_export(const ImageOptions& options);
int run_image_try(const ImageOptions& options);
struct DebugOptions {
  std::filesystem::path folder;
  std::optional<std::uint16_t> port;  // --listen; 0 for a free one
  bool confined = false;
  /// Puts the limits that were given into the place of the call's own.
  std::function<void(Surroundings&)> set_limits;
};
int run_debug(const DebugOptions& options);

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

enum class BlobAction : std::uint8_t { list, get, remove };
struct BlobOptions {
  BlobAction action = BlobAction::list;
  std::filesystem::path database_folder;
  std::string name;
  bool json = false;
  std::optional<std::filesystem::path> output;
};
int run_blob(const BlobOptions& options);

}  // namespace wardian::cli
