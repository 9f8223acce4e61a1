#include <unistd.h>
#include <csignal>

#include "wardian/cli/error_text.h"
#include "wardian/cli/interrupt.h"
#include "wardian/cli/open_instance.h"
#include "wardian/cli/shell/script_texts.h"
#include "wardian/cli/shell/shell.h"

namespace wardian::cli {
namespace {

Result<std::shared_ptr<session::Instance>> open_shared(const Surroundings& surroundings) {
  WARDIAN_ASSIGN(std::unique_ptr<session::Instance> made, open_instance(surroundings));
  return std::shared_ptr<session::Instance>(std::move(made));
}

/// The process ends next: the sandboxes are closed, the engine is left to that.
void leave(Shell& shell) {
  shell.last = {};
  if (const auto instance = shell.instance(); instance.ok()) (*instance)->leave();
}

}  // namespace

int run_script(Shell& shell, int fd, const std::string& name) {
  // While no query runs Ctrl-C ends the script: nothing waits for another one.
  const process::CancelToken never;
  ScriptTexts texts(fd, &never);
  int status = kFine;
  while (!shell.leaving) {
    const Result<std::optional<ScriptTexts::Text>> text = texts.next();
    if (!text.ok()) {
      tell_error(text.error(), {}, name);
      return kFailed;
    }
    if (!*text) break;
    const std::string place = name + ":" + std::to_string((*text)->line);
    if (!run_entered(shell, (*text)->text, place)) status = kFailed;
    if (!shell.queries.empty() && shell.queries.back().cancelled) return kInterrupted;
  }
  return status;
}

int run_shell(const QueryOptions& options) {
  Shell shell;
  shell.options = options;
  ::signal(SIGPIPE, SIG_IGN);
  shell.interactive = isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0;
  const auto open = [surroundings = options.surroundings] { return open_shared(surroundings); };
  if (shell.interactive) {
    shell.timing = true;
    shell.opening = std::async(std::launch::async, open).share();
    const int status = run_interactive(shell);
    leave(shell);
    return status;
  }
  shell.opening = std::async(std::launch::deferred, open).share();
  if (const auto& instance = shell.instance(); !instance.ok()) {
    tell_error(instance.error(), {}, "");
    return kFailed;
  }
  const int status = run_script(shell, STDIN_FILENO, "script");
  leave(shell);
  return status;
}

}  // namespace wardian::cli
