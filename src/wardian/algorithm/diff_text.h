#pragma once

#include "wardian/algorithm/table_algorithm.h"

namespace wardian::algorithm {

/// Runs of words that texts of one side have more often than those of the other. Input: side (bool: A is true), text. Output:
/// Count_of_True, Count_of_False, Percent_of_True, Percent_of_False, Pattern: words, apart by blanks, `*` for any one word.
/// A pattern begins with a word and is made longer, word by word to both sides, as long as no difference is lost; words
/// that are not told stay `*`.
/// Cost: for each word that is told apart, the texts that have it times `tokens_max`.
class DiffText final : public TableAlgorithm {
 public:
  struct Options {
    std::size_t tokens_min = 1;   // words that a pattern tells, at least
    std::size_t tokens_max = 20;  // words and stars, at most
    double threshold = 0.05;
  };
  explicit DiffText(Options options) : options_(options) {}

  static columnar::Schema schema();
  std::string describe() const override { return "diffpatterns_text"; }
  Result<std::unique_ptr<columnar::BatchStream>> run(std::span<const OpenInput> inputs, const RunBounds& bounds) const override;

 private:
  Options options_;
};

}  // namespace wardian::algorithm
