#include <unistd.h>
#include <csignal>

#include <cstdio>
#include <cstdlib>

#include "wardian/cli/answer/display_width.h"
#include "wardian/cli/shell/history.h"
#include "wardian/cli/shell/line_editor.h"
#include "wardian/cli/shell/shell.h"
#include "wardian/cli/shell/shell_completion.h"
#include "wardian/cli/shell/whole_text.h"

namespace wardian::cli {
namespace {

bool is_simple_terminal() {
  const char* const kind = std::getenv("TERM");
  return kind == nullptr || std::string_view(kind) == "dumb" || *kind == '\0';
}

EditorQuestions questions(Shell& shell) {
  EditorQuestions made;
  made.is_whole = &is_whole;
  made.complete = [&shell](std::string_view text, std::size_t cursor) { return complete_at_prompt(shell, text, cursor); };
  made.colours = &colours_at_prompt;
  return made;
}

/// What is wrong with the history is said once: the session goes on without it.
class WarnedHistory {
 public:
  explicit WarnedHistory(std::optional<std::filesystem::path> file) : history_(std::move(file)) {}

  std::vector<std::string> news() {
    Result<std::vector<std::string>> texts = history_.news();
    if (!texts.ok()) return warn(texts.error().message), std::vector<std::string>();
    if (history_.damaged() > 0) {
      warn("Some lines of the history are damaged and passed over: " + history_.file()->string());
    }
    return *std::move(texts);
  }
  void add(std::string_view text) {
    if (const Status added = history_.add(text); !added.ok()) warn(added.error().message);
  }

 private:
  void warn(const std::string& message) {
    if (!std::exchange(warned_, true)) std::fprintf(stderr, "warning: %s\n", on_one_line(message).c_str());
  }
  History history_;
  bool warned_ = false;
};

}  // namespace

int run_interactive(Shell& shell) {
  // Ctrl-C at the prompt is a key; while a query runs it is the query's (InterruptScope).
  ::signal(SIGINT, SIG_IGN);
  std::unique_ptr<LineEditor> editor;
  if (!is_simple_terminal()) {
    if (auto made = make_full_editor(questions(shell)); made.ok()) editor = std::move(*made);
  }
  if (editor == nullptr) editor = make_plain_editor(questions(shell));
  std::printf("Wardian. Enter runs, Tab completes, .help helps, Ctrl-D leaves.\n");
  std::fflush(stdout);
  WarnedHistory history(History::default_file());
  bool opened = false;
  while (!shell.leaving) {
    editor->remember(history.news());
    const Result<Entry> entry = editor->read(on_one_line(shell.options.surroundings.database) + "> ");
    if (!entry.ok()) {
      std::fprintf(stderr, "warning: %s; lines are read without it\n", entry.error().message.c_str());
      editor = make_plain_editor(questions(shell));
      continue;
    }
    if (entry->kind == Entry::Kind::leave) break;
    if (entry->kind == Entry::Kind::dropped || entry->text.find_first_not_of(" \t\r\n") == std::string::npos) continue;
    history.add(without_hidden_strings(entry->text));
    if (const auto& instance = shell.instance(); !opened && !instance.ok()) {
      tell_error(instance.error(), {}, "");
      return kFailed;
    }
    opened = true;
    run_entered(shell, entry->text, "query");
    std::fflush(stdout);
  }
  return kFine;
}

}  // namespace wardian::cli
