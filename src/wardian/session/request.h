#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "wardian/process/cancel_token.h"
#include "wardian/sandbox/console.h"
#include "wardian/sandbox/policy.h"

namespace wardian::session {

/// What one request asks: a value from the first day, whatever front door it came through.
struct Request {
  std::string text;
  std::string database;  // empty: the instance's default
  std::string principal;
  std::map<std::string, std::string> parameters;  // for `declare query_parameters`: name → KQL literal or bare text
  std::optional<std::chrono::steady_clock::time_point> deadline;
  sandbox::Policy sandbox;              // limits of each Python call
  std::string python_dtypes;            // how scripts are given their columns where the query does not say; empty: default
  bool external_files_allowed = false;  // externaldata may read local files
  const process::CancelToken* cancel = nullptr;
  class RequestProgress* progress = nullptr;                                 // told where the request stands; outlives the answer
  std::function<void(sandbox::ConsoleStream, std::string_view)> on_console;  // what scripts print, as it comes; any thread
};

}  // namespace wardian::session
