#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "wardian/base/result.h"
#include "wardian/base/unique_fd.h"
#include "wardian/pyrun/sealed_frame.h"

namespace wardian::pyrun {

struct BatchFeedSettings {
  std::uint64_t batch_rows = 1;
  std::uint64_t batch_bytes_max = UINT64_MAX;
  std::string dtypes = {};  // as Call::dtypes
  /// Where large frames are best kept, asked anew for each: the sandbox may not have started yet.
  std::function<std::shared_ptr<const process::MemoryFolder>()> memory;
};

/// A stream's rows as frames in sealed memory of so many rows each, the last of fewer, in order. A thread of its own makes one
/// ahead, and then waits until that one is taken: there are never more than two, one here and one with whoever took it.
class BatchFeed {
 public:
  /// Starts reading. `rows` outlives the feed, and is used by its thread alone.
  static Result<std::unique_ptr<BatchFeed>> start(columnar::BatchStream& rows, BatchFeedSettings settings);
  /// Waits for the thread, which ends once the stream has given what it was asked for.
  ~BatchFeed();
  BatchFeed(const BatchFeed&) = delete;
  BatchFeed& operator=(const BatchFeed&) = delete;

  struct Taken {
    std::shared_ptr<const SealedFrame> frame;  // null after the last; of a table without rows the end has a frame without rows
    bool end = false;
  };
  /// What comes next, or nothing yet. Errors: the stream's, those of SealedFrame::write.
  Result<std::optional<Taken>> take();
  /// Readable once `take` has something.
  int fd() const { return event_.get(); }

 private:
  BatchFeed(columnar::BatchStream& rows, BatchFeedSettings settings, UniqueFd event)
      : rows_(rows), settings_(std::move(settings)), event_(std::move(event)) {}
  void work();
  Result<Taken> make();

  columnar::BatchStream& rows_;
  BatchFeedSettings settings_;
  UniqueFd event_;
  std::optional<columnar::Batch> rest_;  // rows of the stream's last batch that the last frame had no room for
  bool ended_ = false;                   // the stream is
  bool any_made_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Result<Taken>> next_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace wardian::pyrun
