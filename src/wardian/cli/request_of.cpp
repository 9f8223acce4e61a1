#include "wardian/cli/request_of.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <mutex>

#include "wardian/sandbox/console_lines.h"

namespace wardian::cli {
namespace {

/// Lines that scripts print, on standard error, up to a bound: a script may print for as long as it runs.
class ConsoleDisplay {
 public:
  void show(std::string_view line) {
    const std::lock_guard lock(mutex_);
    if (cut_) return;
    cut_ = line.size() > left_;
    left_ -= std::min(left_, line.size());
    static constexpr std::string_view kCut = "[the scripts print more than 1 MiB; the rest is not shown]\n";
    if (cut_) line = kCut;
    std::fwrite(line.data(), 1, line.size(), stderr);
  }

 private:
  std::mutex mutex_;
  std::size_t left_ = std::size_t{1} << 20;
  bool cut_ = false;
};

}  // namespace

session::Request request_of(const QueryOptions& options, const process::CancelToken& token) {
  session::Request request;
  request.text = options.text;
  for (const auto& [name, value] : options.parameters) request.parameters[name] = value;
  request.sandbox = options.surroundings.sandbox;
  request.image = options.surroundings.image;
  request.images_on_demand = options.surroundings.images_on_demand;
  request.external_files_allowed = options.surroundings.external_files_allowed;
  request.artifacts = options.surroundings.artifacts;
  request.keep_blobs = options.keep_blobs;
  request.python_dtypes = options.python_dtypes;
  request.cancel = &token;
  if (options.timeout) request.deadline = std::chrono::steady_clock::now() + *options.timeout;
  if (options.console) {
    const auto display = std::make_shared<ConsoleDisplay>();
    const auto lines = std::make_shared<sandbox::ConsoleLines>([display](std::string_view line) { display->show(line); });
    request.on_console = [lines](sandbox::ConsoleStream stream, std::string_view bytes) { lines->add(stream, bytes); };
  }
  return request;
}

}  // namespace wardian::cli
