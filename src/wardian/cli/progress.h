#pragma once

#include <string>
#include <thread>

#include "wardian/base/unique_fd.h"
#include "wardian/engine/connection.h"

namespace wardian::cli {

/// A line on the terminal that says how far long work has come; silent where standard error is no terminal and for the
/// first second. The connection must outlive it.
class Progress {
 public:
  Progress(const engine::Connection& connection, std::string what);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

 private:
  void run();

  const engine::Connection& connection_;
  std::string what_;
  UniqueFd stop_;
  std::thread thread_;
};

}  // namespace wardian::cli
