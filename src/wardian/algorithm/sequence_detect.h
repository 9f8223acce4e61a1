#pragma once

#include "wardian/algorithm/table_algorithm.h"

namespace wardian::algorithm {

/// Every way in which rows follow each other step by step: one row for each step, none earlier than the one before, at most
/// `step_max` after it and the last at most `span_max` after the first. Ways at the same times are one.
/// Input, in the order of its first columns: key (string), time (long, datetime or timespan), whether the row is step 1, 2, …
/// (bool each), further columns that are equal wherever the key is. Output: those further columns, the time of each step, the
/// time from the first to the last as a timespan.
/// Cost: a row meets the open ways of its key within `span_max`; these are bounded by the run's memory.
class SequenceDetect final : public TableAlgorithm {
 public:
  SequenceDetect(columnar::Schema input, std::size_t steps, std::int64_t step_max, std::int64_t span_max)
      : input_(std::move(input)), steps_(steps), step_max_(step_max), span_max_(span_max) {}

  columnar::Schema schema(const std::vector<std::string>& step_names) const;
  std::string describe() const override { return "sequence_detect, " + std::to_string(steps_) + " steps"; }
  Result<std::unique_ptr<columnar::BatchStream>> run(std::span<const OpenInput> inputs, const RunBounds& bounds) const override;

 private:
  columnar::Schema input_;
  std::size_t steps_;
  std::int64_t step_max_, span_max_;
};

}  // namespace wardian::algorithm
