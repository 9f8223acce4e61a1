#pragma once

#include <functional>
#include <string>
#include <thread>

#include "wardian/base/unique_fd.h"

namespace wardian::cli {

/// A line on the terminal that says how far long work has come; silent where standard error is no terminal and for the
/// first second.
class Progress {
 public:
  /// `text` says where the work stands, from another thread; nothing is shown while it says nothing.
  explicit Progress(std::function<std::string()> text);
  ~Progress() { stop(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Whether anybody will see it.
  static bool visible();
  /// Takes the line away, before something else is written to the terminal. From the thread that made it.
  void stop();

 private:
  void run();

  std::function<std::string()> text_;
  UniqueFd stop_;
  std::thread thread_;
};

}  // namespace wardian::cli
