#include "wardian/pyrun/batch_feed.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "wardian/base/byte_text.h"
#include "wardian/columnar/batch_slice.h"
#include "wardian/process/start_thread.h"
#include "wardian/process/system_error.h"
#include "wardian/pyrun/frame_needs.h"

namespace wardian::pyrun {
namespace {

constexpr const char* kSmallerBatches = "Lower hint.batches, or raise --sandbox-memory.";

}  // namespace

Result<std::unique_ptr<BatchFeed>> BatchFeed::start(columnar::BatchStream& rows, BatchFeedSettings settings) {
  UniqueFd event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!event) return process::system_error(ErrorCode::out_of_memory, "cannot make an event", errno);
  std::unique_ptr<BatchFeed> feed(new BatchFeed(rows, std::move(settings), std::move(event)));
  WARDIAN_ASSIGN(feed->thread_, process::start_thread([&feed = *feed] { feed.work(); }));
  return feed;
}

BatchFeed::~BatchFeed() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void BatchFeed::work() {
  for (bool last = false; !last;) {
    Result<Taken> made = make();
    last = !made.ok() || made->end;
    std::unique_lock lock(mutex_);
    next_.emplace(std::move(made));
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(event_.get(), &one, sizeof one);
    // The next one is begun when this one is taken: each may be as large as the sandbox's memory.
    changed_.wait(lock, [&] { return !next_ || stopping_; });
    if (stopping_) return;
  }
}

Result<BatchFeed::Taken> BatchFeed::make() {
  const auto fill = [&](columnar::FrameWriter& writer) -> Status {
    for (std::uint64_t wanted = settings_.batch_rows; wanted > 0;) {
      if (stopping_) return Error{.code = ErrorCode::cancelled, .message = "Nobody wants more batches"};
      if (!rest_ && !ended_) {
        WARDIAN_ASSIGN(rest_, rows_.next());
      }
      if (!rest_) {
        ended_ = true;
        return {};
      }
      const std::size_t rows = std::min<std::uint64_t>(wanted, rest_->rows);
      WARDIAN_TRY(writer.append(rows == rest_->rows ? *rest_ : columnar::slice(*rest_, 0, rows)));
      rest_ = rows == rest_->rows ? std::nullopt : std::optional(columnar::slice(*rest_, rows, rest_->rows - rows));
      wanted -= rows;
    }
    return {};
  };
  const std::shared_ptr<const process::MemoryFolder> memory = settings_.memory ? settings_.memory() : nullptr;
  Result<std::shared_ptr<const SealedFrame>> frame =
      SealedFrame::fill(rows_.schema(), {.memory = memory.get()}, {.data_bytes_max = settings_.batch_bytes_max}, fill);
  if (!frame.ok()) {
    Error error = std::move(frame).error();
    if (error.code == ErrorCode::result_too_large) {
      error.message = "A batch of " + std::to_string(settings_.batch_rows) +
                      " rows is larger than the sandbox's memory: " + in_mebibytes(settings_.batch_bytes_max);
      error.hint = kSmallerBatches;
    }
    return error;
  }
  Status fits = check_fits(**frame, (*frame)->rows(), settings_.dtypes, settings_.batch_bytes_max,
                           "A batch of " + std::to_string((*frame)->rows()) + " rows");
  if (!fits.ok()) {
    Error error = std::move(fits).error();
    error.hint = kSmallerBatches;
    return error;
  }
  if ((*frame)->rows() > 0) {
    any_made_ = true;
    return Taken{std::move(*frame), false};
  }
  return Taken{any_made_ ? nullptr : std::move(*frame), true};
}

Result<std::optional<BatchFeed::Taken>> BatchFeed::take() {
  std::optional<Result<Taken>> taken;
  {
    const std::scoped_lock lock(mutex_);
    if (!next_) return std::optional<Taken>();
    taken = std::exchange(next_, std::nullopt);
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t size = ::read(event_.get(), &count, sizeof count);
  }
  changed_.notify_all();
  if (!taken->ok()) return std::move(*taken).error();
  return std::optional(std::move(**taken));
}

}  // namespace wardian::pyrun
