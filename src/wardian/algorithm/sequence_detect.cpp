#include "wardian/algorithm/sequence_detect.h"

#include <set>

#include "wardian/algorithm/batch_builder.h"
#include "wardian/algorithm/row_cursor.h"

namespace wardian::algorithm {
namespace {

using columnar::Type;

constexpr std::size_t kKey = 0, kTime = 1, kFirstStep = 2;
constexpr std::size_t kRowsPerBatch = 16'384;

/// The times of the steps taken so far.
using Way = std::vector<std::int64_t>;

/// No less than `value` - `back`, without overflow.
std::int64_t reach(std::int64_t value, std::int64_t back) {
  std::int64_t made = 0;
  return __builtin_sub_overflow(value, back, &made) ? INT64_MIN : made;
}

class Run {
 public:
  Run(columnar::Schema output, std::size_t width, std::size_t steps, std::int64_t step_max, std::int64_t span_max, RowCursor rows,
      const RunBounds& bounds)
      : output_(std::move(output)),
        width_(width),
        steps_(steps),
        step_max_(step_max),
        span_max_(span_max),
        rows_(std::move(rows)),
        bounds_(bounds),
        open_(steps > 0 ? steps - 1 : 0) {}

  Result<std::optional<columnar::Batch>> next() {
    BatchBuilder made(output_);
    while (!ended_ && made.rows() < kRowsPerBatch) {
      WARDIAN_ASSIGN(const bool more, rows_.next());
      if (!more) {
        ended_ = true;
        break;
      }
      WARDIAN_TRY(take(made));
    }
    if (made.rows() == 0) return std::optional<columnar::Batch>();
    return std::optional<columnar::Batch>(made.take());
  }

 private:
  Status take(BatchBuilder& made) {
    if (!begun_ || rows_.text(kKey) != key_) {
      begun_ = true;
      key_ = rows_.text(kKey);
      forget();
    }
    if (!rows_.is_valid(kTime)) return {};
    const std::int64_t time = rows_.whole(kTime);
    if (finished_at_ != time) finished_.clear();
    finished_at_ = time;
    // From the last step to the first, so that a row does not follow itself.
    for (std::size_t step = steps_; step-- > 0;) {
      if (!rows_.truth(kFirstStep + step)) continue;
      if (step == 0) {
        WARDIAN_TRY(keep(0, {time}, made));
        continue;
      }
      std::set<Way>& before = open_[step - 1];
      // Ways are in the order of their first times: those begun too early come first, and never can be ended.
      before.erase(before.begin(), before.lower_bound(Way{reach(time, span_max_)}));
      const std::int64_t least = reach(time, step_max_);
      for (const Way& way : before) {
        if ((++looked_ & 0xfffU) == 0) WARDIAN_TRY(bounds_.may_go_on());
        if (way.back() < least) continue;
        Way longer = way;
        longer.push_back(time);
        WARDIAN_TRY(keep(step, std::move(longer), made));
      }
    }
    return {};
  }

  Status keep(std::size_t step, Way way, BatchBuilder& made) {
    if (step + 1 == steps_) {
      if (!finished_.insert(way).second) return {};
      std::size_t column = 0;
      for (std::size_t at = kFirstStep + steps_; at < width_; ++at) made.add_cell(column++, rows_.column(at), rows_.row());
      for (const std::int64_t time : way) made.add_long(column++, time);
      made.add_long(column, way.back() - way.front());
      return {};
    }
    if (!open_[step].insert(std::move(way)).second) return {};
    bytes_ += (step + 1) * sizeof(std::int64_t) + 64;
    if (bytes_ > bounds_.memory_bytes_max / 4) {
      // What has been forgotten since is counted as well: look what there really is before giving up.
      bytes_ = 0;
      for (std::size_t at = 0; at < open_.size(); ++at) bytes_ += open_[at].size() * ((at + 1) * sizeof(std::int64_t) + 64);
      if (bytes_ > bounds_.memory_bytes_max / 4) {
        return Error{
            ErrorCode::out_of_memory, "Too many sequences are open at once", {}, "Take a shorter span, or more dimensions"};
      }
    }
    return {};
  }

  void forget() {
    for (std::set<Way>& each : open_) each.clear();
    finished_.clear();
    bytes_ = 0;
  }

  columnar::Schema output_;
  std::size_t width_, steps_;
  std::int64_t step_max_, span_max_;
  RowCursor rows_;
  const RunBounds& bounds_;
  std::vector<std::set<Way>> open_;  // by the number of steps taken
  std::set<Way> finished_;           // those that end at the time at hand
  std::int64_t finished_at_ = 0;
  std::string key_;
  std::size_t bytes_ = 0, looked_ = 0;
  bool begun_ = false, ended_ = false;
};

}  // namespace

columnar::Schema SequenceDetect::schema(const std::vector<std::string>& step_names) const {
  columnar::Schema made(input_.begin() + static_cast<std::ptrdiff_t>(kFirstStep + steps_), input_.end());
  for (const std::string& name : step_names) made.push_back({name, input_[kTime].type});
  made.push_back({"Duration", Type::timespan});
  return made;
}

Result<std::unique_ptr<columnar::BatchStream>> SequenceDetect::run(std::span<const OpenInput> inputs,
                                                                   const RunBounds& bounds) const {
  WARDIAN_ASSIGN(auto rows, inputs[0]());
  columnar::Schema output = schema(std::vector<std::string>(steps_));
  auto run =
      std::make_shared<Run>(output, input_.size(), steps_, step_max_, span_max_, RowCursor(std::move(rows), bounds), bounds);
  return stream_of(std::move(output), [run] { return run->next(); });
}

}  // namespace wardian::algorithm
