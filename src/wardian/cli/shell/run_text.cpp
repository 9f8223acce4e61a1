#include <unistd.h>

#include <cstdio>

#include "wardian/base/utc_text.h"
#include "wardian/cli/answer/display_width.h"
#include "wardian/cli/debug/keep_calls.h"
#include "wardian/cli/error_text.h"
#include "wardian/cli/interrupt.h"
#include "wardian/cli/outputs/show_outputs.h"
#include "wardian/cli/outputs/sixel_picture.h"
#include "wardian/cli/progress.h"
#include "wardian/cli/request_of.h"
#include "wardian/cli/shell/commands.h"
#include "wardian/cli/shell/console_text.h"
#include "wardian/cli/shell/history.h"
#include "wardian/cli/shell/pager.h"
#include "wardian/cli/shell/shell.h"
#include "wardian/cli/terminal.h"
#include "wardian/cli/write_answer.h"
#include "wardian/session/request_progress.h"

namespace wardian::cli {
namespace {

using Clock = std::chrono::steady_clock;

/// The error as it looks to whoever sees `text` alone.
Error seen_from(Error error, const RunnableText& query) {
  for (Error& each : error.further) each = seen_from(std::move(each), query);
  if (!error.span) return error;
  const auto before = static_cast<std::uint32_t>(query.prelude.size());
  if (error.span->begin < before) {
    error.span.reset();
    return error;
  }
  const auto size = static_cast<std::uint32_t>(query.text.size());
  error.span = SourceSpan{std::min(error.span->begin - before, size), std::min(error.span->end - before, size)};
  return error;
}

Status answer(Shell& shell, const RunnableText& query, const process::CancelToken& token) {
  WARDIAN_ASSIGN(const auto instance, shell.instance());
  session::RequestProgress standing;
  Progress progress([&] { return standing.text(); });
  session::Request request = request_of(shell.options, token);
  request.text = query.prelude + query.text;
  if (Progress::visible()) request.progress = &standing;
  WARDIAN_TRY(keep_calls(shell.options, request));
  ConsoleText console;
  request.on_console = console.taker();
  OutputStream out(STDOUT_FILENO);
  Pager pager;
  const ScreenSize screen = shell.interactive ? terminal_size(STDOUT_FILENO) : ScreenSize{};
  out.before_first_write([&](std::string_view first) {
    progress.stop();
    if (!shell.interactive || !shell.paged || !Pager::is_wanted(first, screen.width, screen.height)) return;
    if (const int to = pager.start(takes_colours(STDOUT_FILENO)); to >= 0) out.redirect(to);
  });
  // Tables escape them by themselves, and charts have colours.
  if (shell.interactive && shell.options.format != AnswerFormat::table) out.filter(&printable_lines);
  KeptAnswer kept{request.text, {}, 0, false};
  bool cut = false;
  std::vector<session::LeftOutput> outputs;
  const auto run = [&]() -> Status {
    WARDIAN_ASSIGN(const auto made, instance->run(request));
    KeepingAnswer keeping(*made, kept, shell.rows_shown);
    const Status written = write_answer(
        keeping, {shell.options.format, screen.width, nullptr, shell.interactive && takes_colours(STDOUT_FILENO)}, out);
    const Status flushed = out.flush();  // the rows before an error are shown as well
    cut = keeping.cut();
    WARDIAN_TRY(written);
    WARDIAN_TRY(flushed);
    WARDIAN_ASSIGN(outputs, made->outputs());
    return {};
  };
  const Status ran = run();
  pager.finish();
  out.redirect(STDOUT_FILENO);
  progress.stop();
  if (query.is_query) shell.last = std::move(kept);
  std::fputs(console.take().c_str(), stderr);
  tell_calls_kept(shell.options, request);
  WARDIAN_TRY(ran);
  if (cut) {
    const std::string most = std::to_string(*shell.rows_shown);
    std::fprintf(stderr, "Only the first %s rows are shown, as .set limit says; .save FILE saves them all\n", most.c_str());
  }
  OutputStream below(STDOUT_FILENO);
  return show_outputs(
      outputs,
      {.folder = nullptr,
       .pictures = shell.options.pictures,
       .for_a_person = shell.interactive && shell.options.format == AnswerFormat::table,
       .sixel = [&](const pyrun::Extra& png, TerminalSize terminal) { return sixel_picture(*instance, request, png, terminal); }},
      below);
}

std::string duration(std::chrono::nanoseconds took) {
  const double seconds = std::chrono::duration<double>(took).count();
  char text[32];
  std::snprintf(text, sizeof text, seconds < 1 ? "%.0f ms" : "%.2f s", seconds < 1 ? seconds * 1000 : seconds);
  return text;
}

bool run_declarations(Shell& shell, const std::vector<SessionDeclarations::Declaration>& declarations, const std::string& text,
                      const std::string& name) {
  const auto instance = shell.instance();
  const process::CancelToken never;
  const Status kept = instance.ok() ? shell.declarations.keep(declarations, text, request_of(shell.options, never), **instance)
                                    : Status(instance.error());
  if (!kept.ok()) tell_error(kept.error(), text, name);
  if (kept.ok() && shell.interactive) {
    std::string names;
    for (const auto& one : declarations) names += (names.empty() ? "" : ", ") + one.name;
    std::printf("Kept for this session: %s\n", names.c_str());
  }
  return kept.ok();
}

}  // namespace

void tell_error(const Error& error, std::string_view text, std::string_view name) {
  std::fflush(stdout);
  std::fputs(error_text(error, text, name, takes_colours(STDERR_FILENO)).c_str(), stderr);
}

Status run_query_text(Shell& shell, const RunnableText& query) {
  const InterruptScope interrupt(InterruptScope::Second::changes_nothing);
  QueryRecord record{without_hidden_strings(query.text), utc_now(), {}, {}, false};
  const Clock::time_point begin = Clock::now();
  const Status done = answer(shell, query, interrupt.token());
  record.took = Clock::now() - begin;
  record.cancelled = interrupt.token().cancelled();
  if (InterruptScope::program_is_to_end()) shell.leaving = true;
  if (!done.ok()) record.failure = done.error().message;
  if (query.is_query) {
    constexpr std::size_t kRecordsMax = 1000;
    if (shell.queries.size() == kRecordsMax) shell.queries.erase(shell.queries.begin());
    shell.queries.push_back(record);
  }
  if (!done.ok()) return seen_from(done.error(), query);
  if (shell.timing) {
    const bool dim = shell.interactive && takes_colours(STDOUT_FILENO);
    std::printf("%s(%s)%s\n", dim ? "\x1b[2m" : "", duration(record.took).c_str(), dim ? "\x1b[0m" : "");
  }
  return {};
}

bool run_entered(Shell& shell, const std::string& text, const std::string& name) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return true;
  if (text[begin] == '.') {
    const Status done = run_command(shell, text.substr(begin), name);
    if (!done.ok()) tell_error(done.error(), text.substr(begin), name);
    return done.ok();
  }
  if (const auto declarations = SessionDeclarations::only_declarations(text); !declarations.empty())
    return run_declarations(shell, declarations, text, name);
  const Status done = run_query_text(shell, {shell.declarations.before(text), text, name, true});
  if (!done.ok()) tell_error(done.error(), text, name);
  return done.ok();
}

}  // namespace wardian::cli
