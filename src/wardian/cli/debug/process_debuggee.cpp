#include <signal.h>
#include <unistd.h>

#include <cstring>

#include "wardian/cli/debug/debuggee.h"
#include "wardian/cli/open_instance.h"
#include "wardian/process/child.h"

namespace wardian::cli {
namespace {

// For what a script does at its end, once it is told to stop.
constexpr std::chrono::milliseconds kEndTimeMax{2000};

/// The user's, but for what changes the interpreter; and what a script in a sandbox finds as well.
std::vector<std::string> surroundings() {
  std::vector<std::string> made;
  for (char** variable = environ; *variable != nullptr; ++variable)
    if (std::strncmp(*variable, "PYTHON", 6) != 0) made.emplace_back(*variable);
  made.emplace_back("PYTHONHASHSEED=0");
  return made;
}

class ProcessDebuggee final : public Debuggee {
 public:
  ProcessDebuggee(process::Child child, ChosenImage image) : child_(std::move(child)), image_(std::move(image)) {}
  ~ProcessDebuggee() override {
    if (ended_) return;
    child_.send_signal(SIGINT);
    (void)child_.wait(kEndTimeMax);
  }
  int end_fd() const override { return child_.pidfd(); }
  int finish() override {
    const auto end = child_.wait(kEndTimeMax);
    ended_ = end.has_value();
    if (!end) return kFailed;
    if (end->signalled)
      std::fprintf(stderr, "The script's process was ended by signal %d (%s)\n", end->number, ::strsignal(end->number));
    return !end->signalled && end->number == 0 ? kFine : kFailed;
  }

 private:
  process::Child child_;
  ChosenImage image_;  // stays as it is
  bool ended_ = false;
};

}  // namespace

Result<std::unique_ptr<Debuggee>> start_process(const KeptCall& call, std::optional<DebugLine> line) {
  WARDIAN_ASSIGN(ChosenImage image, choose_image(call.image));
  process::SpawnPlan plan;
  plan.executable = image.python;
  plan.arguments = {"-s", "-B", (call.folder / "run.py").string(), "--parent", std::to_string(::getpid())};
  plan.environment = surroundings();
  plan.descriptors = {{STDOUT_FILENO, STDOUT_FILENO}, {STDERR_FILENO, STDERR_FILENO}};
  plan.new_session = true;  // Ctrl-C is told to it by us
  if (line) {
    plan.arguments.insert(plan.arguments.end(), {"--debugger", line->debugger.string(), "--wire", "3", "4"});
    plan.descriptors.push_back({line->from_client.get(), 3});
    plan.descriptors.push_back({line->to_client.get(), 4});
  }
  WARDIAN_ASSIGN(process::Child child, process::Child::spawn(plan));
  return std::unique_ptr<Debuggee>(std::make_unique<ProcessDebuggee>(std::move(child), std::move(image)));
}

}  // namespace wardian::cli
