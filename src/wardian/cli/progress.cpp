#include "wardian/cli/progress.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdio>

#include "wardian/process/start_thread.h"

namespace wardian::cli {

bool Progress::visible() { return isatty(STDERR_FILENO) != 0; }

Progress::Progress(std::function<std::string()> text) : text_(std::move(text)) {
  if (!visible()) return;
  stop_ = UniqueFd(eventfd(0, EFD_CLOEXEC));
  if (auto thread = process::start_thread([this] { run(); }); thread.ok()) thread_ = std::move(*thread);
}

void Progress::stop() {
  if (!thread_.joinable()) return;
  eventfd_write(stop_.get(), 1);
  thread_.join();
}

void Progress::run() {
  constexpr int kFirstMs = 1000;
  constexpr int kNextMs = 200;
  pollfd stop = {stop_.get(), POLLIN, 0};
  bool shown = false;
  while (poll(&stop, 1, shown ? kNextMs : kFirstMs) == 0) {
    const std::string text = text_();
    if (text.empty()) continue;
    std::fprintf(stderr, "\r%s\x1b[K", text.c_str());
    shown = true;
  }
  if (shown) std::fputs("\r\x1b[K", stderr);
}

}  // namespace wardian::cli
