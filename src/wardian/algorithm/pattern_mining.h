#pragma once

#include "wardian/algorithm/table_algorithm.h"

/// Patterns in tables of discrete values. Input: weight A and weight B (real), then each column as JSON (dynamic), as
/// DiscreteTable reads them. Output: SegmentId, the measures, then for each column the JSON of its value, null where the pattern
/// asks for none, and after all of them whether each column is asked for (bool each).
namespace wardian::algorithm {

/// What all of them share: the columns of the result, and one row for each pattern.
class PatternMining : public TableAlgorithm {
 public:
  explicit PatternMining(std::vector<std::string> columns) : columns_(std::move(columns)) {}
  virtual columnar::Schema measures() const;
  columnar::Schema schema() const;

 protected:
  std::vector<std::string> columns_;
};

/// Every frequent pattern: weight at least `threshold` of all. Of patterns that the same rows have only the longest is given. The
/// values that follow from others do not count among the `dimensions_max` that a pattern may be told by.
/// Source: Agrawal, Srikant 1994 (Apriori); Pasquier et al. 1999 for closed sets and their generators.
/// Cost: the frequent patterns times the rows of each; exact.
class Basket final : public PatternMining {
 public:
  Basket(std::vector<std::string> columns, double threshold, std::size_t dimensions_max)
      : PatternMining(std::move(columns)), threshold_(threshold), dimensions_max_(dimensions_max) {}
  std::string describe() const override { return "basket"; }
  Result<std::unique_ptr<columnar::BatchStream>> run(std::span<const OpenInput> inputs, const RunBounds& bounds) const override;

 private:
  double threshold_;
  std::size_t dimensions_max_;
};

/// A few patterns that say much of many rows. From each of `seeds` rows a pattern of all its values is made wider, value by value, as
/// long as its score grows: share^size_weight * told^(1 - size_weight), where `share` is the weight of its rows and `told` the
/// part of the columns' entropy that its columns have. Patterns whose rows a better one has already are left out.
/// Source: after "Algorithms for Telemetry Data Mining using Discrete Attributes" (Seed-Expand). Repeatable: seeds are spread
/// over the rows in the order of their weight.
class AutoCluster final : public PatternMining {
 public:
  AutoCluster(std::vector<std::string> columns, double size_weight, std::size_t seeds)
      : PatternMining(std::move(columns)), size_weight_(size_weight), seeds_(seeds) {}
  std::string describe() const override { return "autocluster"; }
  Result<std::unique_ptr<columnar::BatchStream>> run(std::span<const OpenInput> inputs, const RunBounds& bounds) const override;

 private:
  double size_weight_;
  std::size_t seeds_;
};

/// Patterns that rows of A have more often than those of B, or less: by `threshold` of all at least. From each single value
/// a pattern grows by the value that sets A and B apart the most, as long as one does.
class DiffPatterns final : public PatternMining {
 public:
  DiffPatterns(std::vector<std::string> columns, double threshold, std::size_t dimensions_max)
      : PatternMining(std::move(columns)), threshold_(threshold), dimensions_max_(dimensions_max) {}
  columnar::Schema measures() const override;
  std::string describe() const override { return "diffpatterns"; }
  Result<std::unique_ptr<columnar::BatchStream>> run(std::span<const OpenInput> inputs, const RunBounds& bounds) const override;

 private:
  double threshold_;
  std::size_t dimensions_max_;
};

}  // namespace wardian::algorithm
