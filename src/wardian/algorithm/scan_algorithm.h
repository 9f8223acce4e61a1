#pragma once

#include "wardian/algorithm/row_program.h"
#include "wardian/algorithm/table_algorithm.h"

namespace wardian::algorithm {

enum class StepOutput : std::uint8_t { all, last, none };

/// A step of `scan`. Programs see these slots: the input's columns, the declared columns of the row at hand, the state's cells.
struct ScanStep {
  bool optional = false;
  StepOutput output = StepOutput::all;
  RowProgram condition;
  std::vector<std::pair<std::size_t, RowProgram>>
      assignments;  // to a column of the input or a declared one, counted behind those
};

/// A cell that the state keeps: what a column was in the row that a step matched last.
struct StateSlot {
  std::size_t step = 0;
  std::size_t column = 0;  // as in assignments
};

struct ScanPlan {
  /// The input: columns that come out, then `computed` columns for the programs alone.
  columnar::Schema columns;
  std::size_t computed = 0;
  columnar::Schema declared;
  std::vector<Cell> defaults;  // of the declared columns
  std::vector<StateSlot> state;
  std::vector<ScanStep> steps;
  bool match_id = false;  // a last column with the number of the match
  /// Of the input's first columns, with the computed ones: those that a program reads or the state keeps.
  std::vector<std::size_t> read;
};

/// The scan operator: rows in their order against the steps, from the last step to the first; each step keeps the rows that led to it.
/// Memory: the state of the steps. One row in gives up to as many rows as there are steps.
/// Source: KQL reference, scan operator, "Matching logic".
class ScanAlgorithm final : public TableAlgorithm {
 public:
  explicit ScanAlgorithm(std::shared_ptr<const ScanPlan> plan) : plan_(std::move(plan)) {}

  std::string describe() const override { return "scan, steps: " + std::to_string(plan_->steps.size()); }
  Result<std::unique_ptr<columnar::BatchStream>> run(std::span<const OpenInput> inputs, const RunBounds& bounds) const override;
  std::shared_ptr<const TableAlgorithm> for_groups(std::size_t ids, std::size_t further) const override;

 private:
  std::shared_ptr<const ScanPlan> plan_;
  std::size_t ids_ = 0, further_ = 0;  // of the groups' columns, at the end of the input
};

}  // namespace wardian::algorithm
