#include "wardian/cli/interrupt.h"

#include <unistd.h>
#include <csignal>

#include <atomic>
#include <iterator>

namespace wardian::cli {
namespace {

std::atomic<process::CancelToken*> current_token{nullptr};
std::atomic<bool> second_ends{true}, told_to_end{false};

extern "C" void on_interrupt(int signal) {
  process::CancelToken* token = current_token.load();
  if (token == nullptr || (token->cancelled() && second_ends)) _exit(130);  // the sandboxes die with us
  if (signal != SIGINT) told_to_end = true;
  token->cancel();
}

constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};

}  // namespace

InterruptScope::InterruptScope(Second second) {
  second_ends = second == Second::ends_the_program;
  current_token = &token_;
  struct sigaction action {};
  action.sa_handler = &on_interrupt;
  for (std::size_t at = 0; at < std::size(kSignals); ++at) sigaction(kSignals[at], &action, &before_[at]);
}

InterruptScope::~InterruptScope() {
  for (std::size_t at = 0; at < std::size(kSignals); ++at) sigaction(kSignals[at], &before_[at], nullptr);
  current_token = nullptr;
}

bool InterruptScope::program_is_to_end() { return told_to_end; }

}  // namespace wardian::cli
