#include "wardian/cli/shell/pager.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "wardian/cli/answer/display_width.h"

namespace wardian::cli {
namespace {

bool is_installed(const char* program) {
  for (const char* folder : {"/usr/bin/", "/bin/", "/usr/local/bin/"}) {
    if (::access((std::string(folder) + program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

/// As a command of the system's shell; empty where there is none.
std::string command() {
  const char* const chosen = std::getenv("PAGER");
  if (chosen != nullptr) return chosen;
  return is_installed("less") ? "less" : is_installed("more") ? "more" : "";
}

}  // namespace

bool Pager::is_wanted(std::string_view text, int width, int height) {
  if (width <= 0 || height <= 0) return false;
  int lines = 1;  // the prompt that follows
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    lines += 1 + (line.size() > static_cast<std::size_t>(width) ? std::max(0, display_width(line) - 1) / width : 0);
    if (lines > height) return true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

int Pager::start(bool coloured) {
  const std::string shell = command();
  if (shell.find_first_not_of(" \t") == std::string::npos) return -1;
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return -1;
  const UniqueFd from(ends[0]);
  to_ = UniqueFd(ends[1]);
  process::SpawnPlan plan;
  plan.executable = "/bin/sh";
  plan.arguments = {"-c", shell};
  bool said = false;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    plan.environment.emplace_back(*variable);
    said = said || plan.environment.back().starts_with("LESS=");
  }
  // Colours as they are, long lines cut, nothing kept on the screen that was not asked for.
  if (!said) plan.environment.emplace_back(coloured ? "LESS=FRSX" : "LESS=FSX");
  plan.environment.emplace_back("LESSSECURE=1");
  plan.descriptors = {{from.get(), STDIN_FILENO}, {STDOUT_FILENO, STDOUT_FILENO}, {STDERR_FILENO, STDERR_FILENO}};
  auto child = process::Child::spawn(plan);
  if (!child.ok()) {
    to_.reset();
    return -1;
  }
  child_ = std::move(*child);
  return to_.get();
}

void Pager::finish() {
  if (!child_) return;
  to_.reset();
  while (!child_->wait(std::chrono::hours(1))) continue;
  child_.reset();
}

}  // namespace wardian::cli
