#pragma once

#include "wardian/algorithm/table_algorithm.h"

/// How ids go through states. Both read rows in the order of (key, id, time), by columns: id, changed (bool: the first row of an id),
/// time (long, datetime or timespan), state (string), bin (long); they give the id of a row as they found it.
namespace wardian::algorithm {

/// Where an id goes through `states` in this order, each right after the one before and at most `step_max` later: bin (of the
/// first of them), prev and next (the states right before and behind, '' where there is none within `step_max`), id.
/// Rows of one state that follow each other are one stay, from its first to its last row.
class FunnelSequence final : public TableAlgorithm {
 public:
  FunnelSequence(columnar::Type id, std::vector<std::string> states, std::int64_t step_max)
      : id_(id), states_(std::move(states)), step_max_(step_max) {}

  columnar::Schema schema() const;
  std::string describe() const override { return "funnel_sequence, " + std::to_string(states_.size()) + " states"; }
  Result<std::unique_ptr<columnar::BatchStream>> run(std::span<const OpenInput> inputs, const RunBounds& bounds) const override;

 private:
  columnar::Type id_;
  std::vector<std::string> states_;
  std::int64_t step_max_;
};

/// How far an id gets through `states` in each bin, other rows between them or not: bin, step (from 0), elapsed (the shortest
/// time from the first state to this one, as the time is counted), id; a row for each step that it reaches.
class FunnelCompletion final : public TableAlgorithm {
 public:
  FunnelCompletion(columnar::Type id, std::vector<std::string> states) : id_(id), states_(std::move(states)) {}

  columnar::Schema schema() const;
  std::string describe() const override { return "funnel_sequence_completion, " + std::to_string(states_.size()) + " states"; }
  Result<std::unique_ptr<columnar::BatchStream>> run(std::span<const OpenInput> inputs, const RunBounds& bounds) const override;

 private:
  columnar::Type id_;
  std::vector<std::string> states_;
};

}  // namespace wardian::algorithm
