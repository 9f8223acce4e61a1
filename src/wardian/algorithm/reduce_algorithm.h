#pragma once

#include "wardian/algorithm/table_algorithm.h"

namespace wardian::algorithm {

struct ReduceSettings {
  double threshold = 0.1;  // the share of rows above which a term is frequent and a pattern stands
  /// What separates terms; empty: every ASCII character that is no letter and no digit.
  std::string separators;
};

/// Texts grouped by the patterns that their frequent terms make. Input: the different texts (string) and how many rows have each (long).
/// Result: the text, its Pattern, that pattern's Count of rows and its Representative, one row for each text; texts of no pattern are
/// `others`. Terms are frequent at their place in the text; what is not frequent, and numbers, is `*`.
/// Memory: the different texts; an error where they are more than the run may take.
/// Source: Vaarandi 2003, "A data clustering algorithm for mining patterns from event logs", which the KQL reference names.
class ReduceAlgorithm final : public TableAlgorithm {
 public:
  explicit ReduceAlgorithm(ReduceSettings settings) : settings_(std::move(settings)) {}

  std::string describe() const override { return "reduce"; }
  Result<std::unique_ptr<columnar::BatchStream>> run(std::span<const OpenInput> inputs, const RunBounds& bounds) const override;
  std::shared_ptr<const TableAlgorithm> for_groups(std::size_t ids, std::size_t further) const override;

 private:
  ReduceSettings settings_;
  std::size_t ids_ = 0, further_ = 0;
};

}  // namespace wardian::algorithm
