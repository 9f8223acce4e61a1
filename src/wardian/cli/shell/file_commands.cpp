#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "wardian/cli/answer/output_file.h"
#include "wardian/cli/interrupt.h"
#include "wardian/cli/request_of.h"
#include "wardian/cli/shell/commands.h"
#include "wardian/cli/write_answer.h"
#include "wardian/process/system_error.h"

namespace wardian::cli {
namespace {

/// A file's name as it was typed: quotes around it and ~ before it are the shell's.
std::filesystem::path path_of(std::string_view typed) {
  if (typed.size() >= 2 && (typed.front() == '"' || typed.front() == '\'') && typed.back() == typed.front())
    typed = typed.substr(1, typed.size() - 2);
  const char* const home = std::getenv("HOME");
  if (typed.starts_with("~/") && home != nullptr) return std::filesystem::path(home) / typed.substr(2);
  return typed;
}

Error nothing_yet(const CommandCall& call) {
  return command_error(call, call.whole, "There is no answer yet to be saved", "Run a query first.");
}

Status save_as(Shell& shell, const CommandCall& call, AnswerFormat format) {
  if (call.arguments.empty()) return command_error(call, call.whole, "A file's name is needed");
  if (shell.last.text.empty()) return nothing_yet(call);
  const std::filesystem::path path = path_of(call.arguments);
  WARDIAN_ASSIGN(OutputFile file, OutputFile::open(path));
  if (!is_text(format) && ::isatty(file.fd()) != 0)
    return command_error(call, call.arguments, "Not for a terminal: " + path.string());
  OutputStream out(file.fd());
  const AnswerOptions how{format, 0, &file};
  if (shell.last.whole) {
    const std::unique_ptr<session::Answer> again = shell.last.again();
    WARDIAN_TRY(write_answer(*again, how, out));
  } else {
    // Too large to have been kept, or not read to its end: it is asked once more.
    const InterruptScope interrupt(InterruptScope::Second::changes_nothing);
    WARDIAN_ASSIGN(const auto instance, shell.instance());
    session::Request request = request_of(shell.options, interrupt.token());
    request.text = shell.last.text;
    const auto without_place = [](Error error) {
      error.span.reset();
      error.further.clear();
      return error;
    };
    const auto made = instance->run(request);
    if (!made.ok()) return without_place(made.error());
    if (const Status written = write_answer(**made, how, out); !written.ok()) return without_place(written.error());
  }
  WARDIAN_TRY(out.flush());
  WARDIAN_TRY(file.commit());
  if (shell.interactive) std::printf("Saved: %s\n", path.string().c_str());
  return {};
}

Status save(Shell& shell, const CommandCall& call) {
  const std::filesystem::path path = path_of(call.arguments);
  AnswerFormat format = answer_format_of_file(path).value_or(AnswerFormat::csv);
  const std::string ending = path.extension().string();
  if (ending == ".json") format = AnswerFormat::json;
  if (ending == ".jsonl" || ending == ".ndjson") format = AnswerFormat::jsonl;
  if (ending == ".txt") format = AnswerFormat::table;
  return save_as(shell, call, format);
}

Status save_page(Shell& shell, const CommandCall& call) { return save_as(shell, call, AnswerFormat::html); }

Status load(Shell& shell, const CommandCall& call) {
  constexpr int kDepthMax = 16;
  if (call.arguments.empty()) return command_error(call, call.whole, "A file's name is needed");
  if (shell.depth >= kDepthMax) return command_error(call, call.arguments, "Scripts load one another without end");
  const std::filesystem::path path = path_of(call.arguments);
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat about {};
  if (!fd || ::fstat(fd.get(), &about) != 0) return process::file_error("Cannot read: " + path.string(), errno);
  if (!S_ISREG(about.st_mode))
    return process::file_error("Cannot read: " + path.string(), S_ISDIR(about.st_mode) ? EISDIR : EINVAL);
  ++shell.depth;
  const int status = run_script(shell, fd.get(), path.string());
  --shell.depth;
  if (status == kFine) return {};
  return Error{ErrorCode::bad_argument, "Not everything in the script succeeded: " + path.string(), {}, {}};
}

constexpr auto kCommands = std::to_array<ShellCommand>({
    {"html", "FILE", "Saves the last answer as a page, with the charts that render asks for.", &save_page},
    {"load", "FILE", "Runs the queries and commands of a file.", &load},
    {"save", "FILE", "Saves the last answer as CSV, or as FILE's name says: .json, .jsonl, .txt, .html, .arrow, .parquet.",
     &save},
});
static_assert(std::ranges::is_sorted(kCommands, {}, &ShellCommand::words));

}  // namespace

std::span<const ShellCommand> file_commands() { return kCommands; }

}  // namespace wardian::cli
