#include "wardian/cli/progress.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <cstdio>

namespace wardian::cli {

Progress::Progress(const engine::Connection& connection, std::string what) : connection_(connection), what_(std::move(what)) {
  if (isatty(STDERR_FILENO) == 0) return;
  stop_ = UniqueFd(eventfd(0, EFD_CLOEXEC));
  thread_ = std::thread([this] { run(); });
}

Progress::~Progress() {
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
    const double percent = connection_.progress_percent();
    if (percent < 0) {
      std::fprintf(stderr, "\r%s …\x1b[K", what_.c_str());
    } else {
      std::fprintf(stderr, "\r%s %3.0f %%\x1b[K", what_.c_str(), percent);
    }
    shown = true;
  }
  if (shown) std::fputs("\r\x1b[K", stderr);
}

}  // namespace wardian::cli
