#include "wardian/pyrun/shares.h"

#include <numeric>

#include "wardian/columnar/batch_slice.h"

namespace wardian::pyrun {
namespace {

// Shares of one frame begin at a multiple of this, so that bits begin at a byte and times at a page's part.
constexpr std::uint64_t kStepRows = 64;
// Below this many steps a share the rounding would show: two shares of 100 rows would be of 64 and 36.
constexpr std::uint64_t kStepsMin = 64;

/// A piece of a frame, in one batch.
class PieceStream final : public columnar::BatchStream {
 public:
  PieceStream(const columnar::Frame& frame, std::uint64_t begin, std::uint64_t rows)
      : frame_(frame), begin_(begin), rows_(rows) {}
  const columnar::Schema& schema() const override { return frame_.schema(); }
  Result<std::optional<columnar::Batch>> next() override {
    if (std::exchange(done_, true)) return std::optional<columnar::Batch>();
    std::vector<std::size_t> all(frame_.columns().size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    const std::uint64_t aligned = begin_ / kStepRows * kStepRows;
    const columnar::Batch batch = frame_.read(aligned, begin_ + rows_ - aligned, all);
    return std::optional(columnar::slice(batch, begin_ - aligned, rows_));
  }

 private:
  const columnar::Frame& frame_;
  std::uint64_t begin_;
  std::uint64_t rows_;
  bool done_ = false;
};

}  // namespace

Result<std::vector<FrameInput>> split_into_shares(std::shared_ptr<const SealedFrame> whole, unsigned count) {
  const std::uint64_t rows = whole->rows();
  const std::uint64_t shares = std::max<std::uint64_t>(1, std::min<std::uint64_t>(count, rows));
  std::vector<FrameInput> inputs;
  if (shares == 1) {
    inputs.push_back({.variable = {}, .frame = whole});
    return inputs;
  }
  const bool divide = rows / kStepRows >= shares * kStepsMin;
  columnar::Frame mapped;
  if (!divide) {
    std::vector<std::size_t> all(whole->schema().size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    WARDIAN_ASSIGN(mapped, whole->map(all, 0, rows));
  }
  for (std::uint64_t share = 0; share < shares; ++share) {
    std::uint64_t begin = rows * share / shares;
    std::uint64_t end = rows * (share + 1) / shares;
    if (divide) {
      begin = begin / kStepRows * kStepRows;
      if (share + 1 < shares) end = end / kStepRows * kStepRows;
      inputs.push_back({.variable = {}, .frame = whole, .stream = nullptr, .begin = begin, .rows = end - begin});
      continue;
    }
    PieceStream piece(mapped, begin, end - begin);
    WARDIAN_ASSIGN(std::shared_ptr<const SealedFrame> frame, SealedFrame::write(piece));
    inputs.push_back({.variable = {}, .frame = std::move(frame)});
  }
  return inputs;
}

}  // namespace wardian::pyrun
