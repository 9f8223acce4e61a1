#pragma once

#include <functional>
#include <mutex>
#include <string>

#include "wardian/sandbox/console_lines.h"

namespace wardian::cli {

/// What the scripts of a query print, up to a bound, to be shown after the answer. From any thread.
class ConsoleText {
 public:
  /// Takes what is printed, as session::Request tells it.
  std::function<void(sandbox::ConsoleStream, std::string_view)> taker();
  /// All lines that are whole, and what is left of the others.
  std::string take();

  static constexpr std::size_t kBytesMax = std::size_t{1} << 20;

 private:
  void show(std::string_view line);

  std::mutex mutex_;
  std::string text_;
  bool cut_ = false;
  std::shared_ptr<sandbox::ConsoleLines> lines_ =
      std::make_shared<sandbox::ConsoleLines>([this](std::string_view line) { show(line); });
};

}  // namespace wardian::cli
