#include "wardian/engine/error_mapping.h"

#include <string>

#include "wardian/engine/text_file_error.h"
#include "wardian/engine/unreadable_file.h"

namespace wardian::engine {

namespace {

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// "Out of Range Error: Overflow in …" says its class twice; the code already tells it.
std::string_view without_class(std::string_view message) {
  const std::size_t colon = message.find(" Error: ");
  if (colon != std::string_view::npos && colon < 24 && message.substr(0, colon).find('\n') == std::string_view::npos)
    message.remove_prefix(colon + 8);
  return message;
}

/// Drops "LINE 1: select …\n   ^" and the suggestions to change the engine's own settings.
std::string_view without_excerpt(std::string_view message) {
  for (const std::string_view start :
       {"\nLINE ", "\nPossible solutions", "\nPossible Solution", "\nPossible fixes", "\nThe search space"}) {
    const std::size_t at = message.find(start);
    if (at != std::string_view::npos) message = message.substr(0, at);
  }
  while (!message.empty() && (message.back() == '\n' || message.back() == ' ')) message.remove_suffix(1);
  return message;
}

/// From "Could not set lock on file "F": Conflicting lock is held in PROGRAM (PID 7) by user U. However, you would … See also …".
Error busy_error(std::string_view text) {
  const auto between = [&](std::string_view before, std::string_view after) -> std::string {
    const std::size_t begin = text.find(before);
    if (begin == std::string_view::npos) return {};
    const std::string_view rest = text.substr(begin + before.size());
    return std::string(rest.substr(0, rest.find(after)));
  };
  std::string holder = between("lock is held in ", ". See also");
  if (const std::size_t number = holder.rfind("(PID "); number != std::string::npos) holder.resize(holder.find(')', number) + 1);
  return {
      ErrorCode::database_busy,
      "The database is held by another process: " + (holder.empty() ? "unknown" : holder) + ": " + between("on file \"", "\""),
      {},
      "Wait for it to end, or end it; then try again."};
}

Error io_error(std::string_view text) {
  if (has(text, "No space left") || has(text, "max_temp_directory_size"))
    return {ErrorCode::disk_full,
            "No space left on the disk: " + std::string(text),
            {},
            "Free some space, or point TMPDIR at another disk."};
  if (has(text, "Could not set lock")) return busy_error(text);
  if (has(text, "No files found") || has(text, "No such file")) return {ErrorCode::file_not_found, std::string(text), {}, {}};
  return {ErrorCode::io, std::string(text), {}, {}};
}

}  // namespace

Error map_error(duckdb_error_type type, std::string_view message) {
  if (std::optional<Error> unreadable = text_file_error(message)) return *std::move(unreadable);
  const std::string_view text = without_excerpt(without_class(message));
  if (text.starts_with(kUnreadableFile)) return {ErrorCode::bad_file, std::string(text), {}, {}};
  // The class depends on what was under way: "TransactionContext Error: Failed to commit: … No space left on device", say.
  if (has(text, "No space left on device")) return io_error(text);
  switch (type) {
    case DUCKDB_ERROR_INTERRUPT: return {ErrorCode::cancelled, "The query was cancelled", {}, {}};
    case DUCKDB_ERROR_OUT_OF_MEMORY:
      if (has(text, "max_temp_directory_size") || has(text, "No space left")) return io_error(text);
      return {ErrorCode::out_of_memory,
              "The query needs more memory than it may have: " + std::string(text),
              {},
              "Filter or aggregate earlier, or raise the limit with --memory."};
    case DUCKDB_ERROR_IO:
    case DUCKDB_ERROR_HTTP:
    case DUCKDB_ERROR_NETWORK: return io_error(text);
    case DUCKDB_ERROR_PERMISSION: return {ErrorCode::access_denied, std::string(text), {}, {}};
    case DUCKDB_ERROR_OUT_OF_RANGE:
    case DUCKDB_ERROR_CONVERSION:
      if (has(text, "verflow") || has(text, "out of range")) return {ErrorCode::overflow, std::string(text), {}, {}};
      return {ErrorCode::execution, std::string(text), {}, {}};
    case DUCKDB_ERROR_INTERNAL:
    case DUCKDB_ERROR_FATAL: return {ErrorCode::internal, "The engine failed: " + std::string(text), {}, {}};
    // Our own SQL is wrong: a defect of ours, not of the query.
    case DUCKDB_ERROR_PARSER:
    case DUCKDB_ERROR_SYNTAX:
    case DUCKDB_ERROR_BINDER:
    case DUCKDB_ERROR_CATALOG:
      return {ErrorCode::internal,
              "The engine refused the lowered query: " + std::string(text),
              {},
              "This is a defect of Wardian; `wardian explain` shows the lowered query."};
    default: return {ErrorCode::execution, std::string(text), {}, {}};
  }
}

}  // namespace wardian::engine
