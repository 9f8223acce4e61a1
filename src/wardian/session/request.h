#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "wardian/process/cancel_token.h"
#include "wardian/pyrun/debug_folder.h"
#include "wardian/pyrun/extras.h"
#include "wardian/pyrun/profile.h"
#include "wardian/sandbox/console.h"
#include "wardian/sandbox/policy.h"
#include "wardian/session/artifact_policy.h"

namespace wardian::session {

/// What the calls of one Python operator have cost.
struct PythonProfile {
  std::string script;
  std::uint32_t script_line = 1;  // of the request's text, where the script begins
  pyrun::Profile costs;
};

/// What one request asks: a value from the first day, whatever front door it came through.
struct Request {
  std::string text;
  std::string database;  // empty: the instance's default
  std::string principal;
  std::map<std::string, std::string> parameters;  // for `declare query_parameters`: name → KQL literal or bare text
  std::optional<std::chrono::steady_clock::time_point> deadline;
  sandbox::Policy sandbox;              // limits of each Python call
  std::string image;                    // for scripts that choose none; empty: the default image
  bool images_on_demand = false;        // a script's own metadata may have an image made: packages are fetched and unpacked
  std::string python_dtypes;            // how scripts are given their columns where the query does not say; empty: default
  bool external_files_allowed = false;  // externaldata may read local files
  ArtifactPolicy artifacts;             // where external_artifacts may come from
  std::shared_ptr<pyrun::DebugFolder> debug_folder;  // where Python calls are kept; null: set query_python_debug is refused
  bool debug_every_call = false;                     // keep all calls, not only those that the query names
  bool keep_blobs = false;          // what scripts leave in `blobs` is kept in the database folder; also by `set`
  std::vector<pyrun::Extra> blobs;  // beside those that are kept: blob(…) in kargs finds them
  const process::CancelToken* cancel = nullptr;
  class RequestProgress* progress = nullptr;                  // told where the request stands; outlives the answer
  std::function<void(const PythonProfile&)> on_profile = {};  // what each Python operator has cost; null: nobody counts
  std::function<void(sandbox::ConsoleStream, std::string_view)> on_console;  // what scripts print, as it comes; any thread
};

}  // namespace wardian::session
