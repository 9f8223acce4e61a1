#pragma once

#include <mutex>
#include <optional>

#include "wardian/pyrun/runner.h"
#include "wardian/session/instance.h"

namespace wardian::session {

/// The runner of Python calls, made when the first one is about to run: a query without Python starts no sandbox.
class LazyRunner {
 public:
  explicit LazyRunner(MakePool make_pool) : make_pool_(std::move(make_pool)) {}

  Result<const pyrun::Runner*> get();

 private:
  MakePool make_pool_;
  std::mutex mutex_;
  std::optional<pyrun::Runner> runner_;
};

}  // namespace wardian::session
