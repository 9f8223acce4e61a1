#pragma once

#include <mutex>
#include <string>

#include "wardian/engine/connection.h"

namespace wardian::session {

/// Where a request stands, for whoever waits for it. Thread-safe; told by the run, asked by a front door.
class RequestProgress {
 public:
  /// "answer 43 %", "Python, stage 2"; empty before the run and after it.
  std::string text() const;

  void begin(const engine::Connection& connection);
  /// What is being done from here on, and whether the engine's percentage says how far.
  void step(std::string what, bool by_engine);
  void end();

 private:
  mutable std::mutex mutex_;
  const engine::Connection* connection_ = nullptr;
  std::string what_;
  bool by_engine_ = false;
};

}  // namespace wardian::session
