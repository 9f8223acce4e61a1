#include "wardian/algorithm/funnel.h"

#include <algorithm>
#include <deque>

#include "wardian/algorithm/batch_builder.h"
#include "wardian/algorithm/row_cursor.h"

namespace wardian::algorithm {
namespace {

using columnar::Type;

constexpr std::size_t kId = 0, kChanged = 1, kTime = 2, kState = 3, kBin = 4;
constexpr std::size_t kRowsPerBatch = 16'384;

std::int64_t difference(std::int64_t later, std::int64_t earlier) {
  std::int64_t made = 0;
  return __builtin_sub_overflow(later, earlier, &made) ? INT64_MAX : made;
}

struct Stay {
  std::string state;
  std::int64_t first = 0, last = 0, bin = 0;
};

class SequenceRun {
 public:
  SequenceRun(columnar::Schema output, Type id, const std::vector<std::string>& states, std::int64_t step_max, RowCursor rows)
      : output_(std::move(output)),
        held_id_(columnar::Schema{{"id", id}}),
        states_(states),
        step_max_(step_max),
        rows_(std::move(rows)) {}

  Result<std::optional<columnar::Batch>> next() {
    BatchBuilder made(output_);
    while (!ended_ && made.rows() < kRowsPerBatch) {
      WARDIAN_ASSIGN(const bool more, rows_.next());
      if (!more || rows_.truth(kChanged)) end_of_id(made);
      if (!more) {
        ended_ = true;
        break;
      }
      if (rows_.truth(kChanged)) {
        held_id_.add_cell(0, rows_.column(kId), rows_.row());
        id_ = held_id_.take();
      }
      take(made);
    }
    if (made.rows() == 0) return std::optional<columnar::Batch>();
    return std::optional<columnar::Batch>(made.take());
  }

 private:
  void take(BatchBuilder& made) {
    const std::int64_t time = rows_.whole(kTime);
    const std::string_view state = rows_.text(kState);
    if (!stays_.empty() && stays_.back().state == state) {
      stays_.back().last = time;
      return;
    }
    stays_.push_back({std::string(state), time, time, rows_.whole(kBin)});
    // Complete with one stay behind it: the stays are [prev] sequence next.
    if (stays_.size() > states_.size()) give(stays_.size() - 1 - states_.size(), made);
    if (stays_.size() > states_.size() + 1) stays_.pop_front();
  }

  void end_of_id(BatchBuilder& made) {
    if (stays_.size() >= states_.size()) give(stays_.size() - states_.size(), made);
    stays_.clear();
  }

  /// The stays from `begin` on, where they are the sequence.
  void give(std::size_t begin, BatchBuilder& made) {
    const auto near = [&](std::size_t at) { return difference(stays_[at + 1].first, stays_[at].last) <= step_max_; };
    for (std::size_t at = 0; at < states_.size(); ++at) {
      if (stays_[begin + at].state != states_[at] || (at > 0 && !near(begin + at - 1))) return;
    }
    const std::size_t behind = begin + states_.size();
    made.add_long(0, stays_[begin].bin);
    made.add_text(1, begin > 0 && near(begin - 1) ? std::string_view(stays_[begin - 1].state) : std::string_view());
    made.add_text(2, behind < stays_.size() && near(behind - 1) ? std::string_view(stays_[behind].state) : std::string_view());
    made.add_cell(3, id_.columns[0], 0);
  }

  columnar::Schema output_;
  BatchBuilder held_id_;
  columnar::Batch id_;
  const std::vector<std::string>& states_;
  std::int64_t step_max_;
  RowCursor rows_;
  std::deque<Stay> stays_;
  bool ended_ = false;
};

class CompletionRun {
 public:
  CompletionRun(columnar::Schema output, Type id, const std::vector<std::string>& states, RowCursor rows)
      : output_(std::move(output)), held_id_(columnar::Schema{{"id", id}}), states_(states), rows_(std::move(rows)) {
    forget();
  }

  Result<std::optional<columnar::Batch>> next() {
    BatchBuilder made(output_);
    while (!ended_ && made.rows() < kRowsPerBatch) {
      WARDIAN_ASSIGN(const bool more, rows_.next());
      if (!more || rows_.truth(kChanged) || rows_.whole(kBin) != bin_) give(made);
      if (!more) {
        ended_ = true;
        break;
      }
      if (rows_.truth(kChanged)) {
        held_id_.add_cell(0, rows_.column(kId), rows_.row());
        id_ = held_id_.take();
      }
      bin_ = rows_.whole(kBin);
      take(rows_.text(kState), rows_.whole(kTime));
    }
    if (made.rows() == 0) return std::optional<columnar::Batch>();
    return std::optional<columnar::Batch>(made.take());
  }

 private:
  /// The latest beginning of those that got as far is the one from which a later step is nearest.
  void take(std::string_view state, std::int64_t time) {
    for (std::size_t step = states_.size(); step-- > 0;) {
      if (states_[step] != state) continue;
      if (step > 0 && !begun_[step - 1]) continue;
      const std::int64_t begin = step > 0 ? *begun_[step - 1] : time;
      begun_[step] = std::max(begun_[step].value_or(begin), begin);
      const std::int64_t elapsed = difference(time, begin);
      shortest_[step] = std::min(shortest_[step].value_or(elapsed), elapsed);
    }
  }

  void give(BatchBuilder& made) {
    for (std::size_t step = 0; step < states_.size(); ++step) {
      if (!shortest_[step]) continue;
      made.add_long(0, bin_);
      made.add_long(1, static_cast<std::int64_t>(step));
      made.add_long(2, *shortest_[step]);
      made.add_cell(3, id_.columns[0], 0);
    }
    forget();
  }

  void forget() {
    begun_.assign(states_.size(), std::nullopt);
    shortest_.assign(states_.size(), std::nullopt);
  }

  columnar::Schema output_;
  BatchBuilder held_id_;
  columnar::Batch id_;
  const std::vector<std::string>& states_;
  RowCursor rows_;
  std::vector<std::optional<std::int64_t>> begun_, shortest_;
  std::int64_t bin_ = 0;
  bool ended_ = false;
};

}  // namespace

columnar::Schema FunnelSequence::schema() const {
  return {{"_bin", Type::int64}, {"prev", Type::string}, {"next", Type::string}, {"_id", id_}};
}

Result<std::unique_ptr<columnar::BatchStream>> FunnelSequence::run(std::span<const OpenInput> inputs,
                                                                   const RunBounds& bounds) const {
  WARDIAN_ASSIGN(auto rows, inputs[0]());
  auto run = std::make_shared<SequenceRun>(schema(), id_, states_, step_max_, RowCursor(std::move(rows), bounds));
  return stream_of(schema(), [run] { return run->next(); });
}

columnar::Schema FunnelCompletion::schema() const {
  return {{"_bin", Type::int64}, {"step", Type::int64}, {"elapsed", Type::int64}, {"_id", id_}};
}

Result<std::unique_ptr<columnar::BatchStream>> FunnelCompletion::run(std::span<const OpenInput> inputs,
                                                                     const RunBounds& bounds) const {
  WARDIAN_ASSIGN(auto rows, inputs[0]());
  auto run = std::make_shared<CompletionRun>(schema(), id_, states_, RowCursor(std::move(rows), bounds));
  return stream_of(schema(), [run] { return run->next(); });
}

}  // namespace wardian::algorithm
