#pragma once

#include "wardian/pyrun/batch_feed.h"
#include "wardian/pyrun/spooled_frames.h"
#include "wardian/sandbox/dialogue.h"

namespace wardian::pyrun {

/// What a script that takes batches is told and says while it runs. "next" is answered by "batch", with a description (as of an input
/// in request.h) and the batch's files, or by "end"; "piece N" says that N bytes of the result stand in the output, and is answered
/// by "taken" once they were copied and checked.
class BatchExchange final : public sandbox::Dialogue {
 public:
  BatchExchange(std::string variable, std::unique_ptr<BatchFeed> feed, SpooledFrames pieces)
      : variable_(std::move(variable)), feed_(std::move(feed)), pieces_(std::move(pieces)) {}

  /// What a script calls its batch.
  const std::string& variable() const { return variable_; }
  /// Told each batch before the script has it; an error ends the run.
  void on_batch(std::function<Status(const std::shared_ptr<const SealedFrame>&)> told) { on_batch_ = std::move(told); }
  /// Where pieces will stand; borrowed for as long as the call runs.
  void read_pieces_from(int fd) { output_ = fd; }

  Status ask(std::string_view question) override;
  Result<std::optional<sandbox::Answer>> answer() override;
  int fd() const override { return feed_->fd(); }

  const SpooledFrames& pieces() const { return pieces_; }
  std::uint64_t rows_given() const { return rows_given_; }

 private:
  /// Hands over a batch: its description, and the files that it speaks of.
  Status show(std::shared_ptr<const SealedFrame> frame, sandbox::Answer& answer);

  std::string variable_;
  std::unique_ptr<BatchFeed> feed_;
  SpooledFrames pieces_;
  std::function<Status(const std::shared_ptr<const SealedFrame>&)> on_batch_;
  int output_ = -1;
  std::shared_ptr<const SealedFrame> shown_;  // the batch that was handed over last, until the next is asked for
  process::MemoryFile description_;
  std::uint64_t rows_given_ = 0;
  bool wants_batch_ = false;
  bool ended_ = false;
};

}  // namespace wardian::pyrun
