#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "wardian/sandbox/console.h"

namespace wardian::sandbox {

/// What scripts print, piece by piece as it comes, as whole lines that may be shown beside our own: printable, each behind "python | ", so
/// that no script can print a line that looks like one of ours. From any thread.
class ConsoleLines {
 public:
  using Show = std::function<void(std::string_view)>;
  /// Without `prefix` only where nothing of ours is shown.
  explicit ConsoleLines(Show show, std::string prefix = "python | ") : show_(std::move(show)), prefix_(std::move(prefix)) {}
  /// Shows what is left of lines without an end.
  ~ConsoleLines();
  ConsoleLines(const ConsoleLines&) = delete;
  ConsoleLines& operator=(const ConsoleLines&) = delete;

  void add(ConsoleStream stream, std::string_view bytes);

 private:
  void show_line(std::string_view line);

  std::mutex mutex_;
  Show show_;
  std::string prefix_;
  std::string begun_[2];  // of each stream, the line that has no end yet
};

}  // namespace wardian::sandbox
