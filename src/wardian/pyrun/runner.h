#pragma once

#include <memory>

#include "wardian/base/result.h"
#include "wardian/pyrun/call.h"
#include "wardian/sandbox/pool.h"

namespace wardian::pyrun {

/// Runs calls in the children of one pool. Thread-safe.
class Runner {
 public:
  explicit Runner(std::shared_ptr<sandbox::Pool> pool)
      : pool_(std::move(pool)), files_(std::make_shared<FileStore>([at = pool_] { return at->shown_files(); })) {}

  /// Errors: script_error with the traceback in the script's own lines, no_result, bad_result, memory_limit, time_limit
  /// and the other ends of a sandbox, each with what the script printed; those of the inputs' streams.
  Result<Outcome> run(const Call& call) const;

  /// Has sandboxes made ready in the background, for calls that will come soon.
  void warm() const { pool_->warm(); }

  /// Where large inputs are best kept; may be null.
  std::shared_ptr<const process::MemoryFolder> memory() const { return pool_->memory(); }

  /// Where files for scripts are put before a call.
  FileStore& files() const { return *files_; }
  /// Whether they may lie on disk as well: an error that says why not.
  Status may_lie_on_disk() const;

 private:
  std::shared_ptr<sandbox::Pool> pool_;
  std::shared_ptr<FileStore> files_;
};

}  // namespace wardian::pyrun
