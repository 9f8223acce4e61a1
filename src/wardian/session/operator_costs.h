#pragma once

#include <chrono>
#include <mutex>

#include "wardian/plan/node.h"
#include "wardian/session/request.h"

namespace wardian::session {

/// Adds up what the calls of one Python operator cost, where the request asks for it, and tells it at the end, however that comes.
/// Made before the operator's input is computed. Calls are added from any thread.
class OperatorCosts {
 public:
  OperatorCosts(const Request& request, const plan::PythonCall& call) : request_(request) {
    if (!request_.on_profile) return;
    made_.script = call.script;
    made_.script_line = call.script_line;
    begun_ = std::chrono::steady_clock::now();
  }
  ~OperatorCosts() {
    if (request_.on_profile && made_.costs.calls > 0) request_.on_profile(made_);
  }
  OperatorCosts(const OperatorCosts&) = delete;
  OperatorCosts& operator=(const OperatorCosts&) = delete;

  void input_written() {
    if (request_.on_profile) made_.costs.input_written = std::chrono::steady_clock::now() - begun_;
  }
  void add(const pyrun::Profile& one) {
    const std::lock_guard lock(mutex_);
    pyrun::add(made_.costs, one);
  }

 private:
  const Request& request_;
  std::chrono::steady_clock::time_point begun_;
  std::mutex mutex_;
  PythonProfile made_;
};

}  // namespace wardian::session
