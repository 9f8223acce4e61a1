#include "wardian/cli/interrupt.h"

#include <unistd.h>
#include <csignal>

#include <atomic>

namespace wardian::cli {
namespace {

std::atomic<process::CancelToken*> current_token{nullptr};

extern "C" void on_interrupt(int) {
  process::CancelToken* token = current_token.load();
  if (token == nullptr || token->cancelled()) _exit(130);  // the sandboxes die with us
  token->cancel();
}

constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};

}  // namespace

InterruptScope::InterruptScope() {
  current_token = &token_;
  struct sigaction action {};
  action.sa_handler = &on_interrupt;
  for (const int signal : kSignals) sigaction(signal, &action, nullptr);
}

InterruptScope::~InterruptScope() {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  for (const int signal : kSignals) sigaction(signal, &action, nullptr);
  current_token = nullptr;
}

}  // namespace wardian::cli
