#pragma once

#include <chrono>
#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wardian/cli/commands.h"
#include "wardian/cli/shell/declarations.h"
#include "wardian/cli/shell/kept_answer.h"
#include "wardian/session/instance.h"

namespace wardian::cli {

/// A query as this session's history of them tells it: `.show queries`.
struct QueryRecord {
  std::string text;
  std::string started;  // "2026-11-28T06:23:37Z"
  std::chrono::nanoseconds took{};
  std::string failure;  // empty: it succeeded
  bool cancelled = false;
};

/// What one session at the keyboard, or one script, has at hand from text to text.
struct Shell {
  QueryOptions options;  // surroundings, parameters, format, timeout: as given, then as `.set` says
  bool interactive = false;
  bool timing = false;                      // a line after each answer that says how long it took
  bool paged = true;                        // long answers go through the pager
  std::optional<std::uint64_t> rows_shown;  // .set limit
  std::shared_future<Result<std::shared_ptr<session::Instance>>> opening;
  SessionDeclarations declarations;
  KeptAnswer last;
  std::vector<QueryRecord> queries;
  bool leaving = false;
  int depth = 0;  // scripts that load scripts

  /// The engine, waited for.
  Result<std::shared_ptr<session::Instance>> instance() const { return opening.get(); }
  /// Whose tables and functions names mean; null where the engine did not open.
  kql::Tables* tables() const { return opening.get().ok() ? &(*opening.get())->tables() : nullptr; }
};

/// What was typed, with what goes before it unseen: declarations of the session, rows of a `.show`.
struct RunnableText {
  std::string prelude;
  std::string text;      // what errors show
  std::string name;      // what they call it
  bool is_query = true;  // for the list of queries and as the last answer
};

/// run_text.cpp: whatever was entered, a query, declarations or a command. False: it failed, which has been told.
bool run_entered(Shell& shell, const std::string& text, const std::string& name);
/// Runs a query and shows its answer.
Status run_query_text(Shell& shell, const RunnableText& query);
/// Tells an error about that text.
void tell_error(const Error& error, std::string_view text, std::string_view name);

/// shell_command.cpp: the texts of a script one after the other. The exit status.
int run_script(Shell& shell, int fd, const std::string& name);
/// interactive.cpp
int run_interactive(Shell& shell);

}  // namespace wardian::cli
