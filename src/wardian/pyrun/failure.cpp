#include "wardian/pyrun/failure.h"

#include "wardian/sandbox/console.h"

namespace wardian::pyrun {
namespace {

constexpr std::size_t kConsoleBytesMax = 4096;

void append_console(std::string& message, std::string_view title, const sandbox::ConsoleText& text) {
  if (text.bytes_total == 0) return;
  std::string joined = sandbox::printable(text.joined());
  while (!joined.empty() && joined.back() == '\n') joined.pop_back();
  if (joined.size() > kConsoleBytesMax) {
    std::size_t cut = joined.size() - kConsoleBytesMax;
    // Not within a character.
    while (cut < joined.size() && (static_cast<unsigned char>(joined[cut]) & 0xc0U) == 0x80U) ++cut;
    joined = "…" + joined.substr(cut);
  }
  message += "\n" + std::string(title) + ":\n" + joined;
}

}  // namespace

Error with_console(Error error, const sandbox::Outcome& outcome) {
  append_console(error.message, "The script printed", outcome.standard_output);
  append_console(error.message, "The script printed to stderr", outcome.standard_error);
  return error;
}

Error error_of(const FailureReply& failure, const sandbox::Outcome& outcome) {
  Error error{.code = failure.code, .message = sandbox::printable(failure.message), .hint = sandbox::printable(failure.hint)};
  // What a script's own exception amounts to; other failures say so themselves.
  static constexpr struct {
    ErrorCode code;
    std::string_view words;
    std::string_view hint;
  } kEnds[] = {{ErrorCode::script_error, "The script failed", ""},
               {ErrorCode::memory_limit, "The script ran out of memory", "--sandbox-memory sets the limit."},
               {ErrorCode::scratch_limit, "The script filled its scratch space", "--sandbox-scratch sets its size."}};
  for (const auto& end : kEnds) {
    // An input that does not fit scratch, or a blob that cannot be opened, fails before the script runs, in words of its own.
    if (end.code != failure.code || (failure.code != ErrorCode::memory_limit && failure.report.empty())) continue;
    error.message = std::string(end.words) + (failure.line ? " at its line " + std::to_string(*failure.line) : std::string()) +
                    ": " + error.message;
    if (!end.hint.empty()) error.hint = end.hint;
  }
  std::string report = sandbox::printable(failure.report);
  while (!report.empty() && report.back() == '\n') report.pop_back();
  if (!report.empty()) error.message += "\n" + report;
  return with_console(std::move(error), outcome);
}

}  // namespace wardian::pyrun
