#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "wardian/algorithm/pattern_mining.h"
#include "wardian/algorithm/pattern_rows.h"

namespace wardian::algorithm {
namespace {

/// The entropy of each column, as a part of them all; equal parts where no column tells anything.
std::vector<double> entropies(const DiscreteTable& table, const ItemWeights& weights) {
  std::vector<double> made(table.columns());
  for (std::uint32_t column = 0; column < table.columns(); ++column) {
    for (ValueId value = 1; value <= table.value_count(column); ++value) {
      const double share = weights.of({column, value}).a / table.total_a();
      if (share > 0) made[column] -= share * std::log2(share);
    }
  }
  const double all = std::accumulate(made.begin(), made.end(), 0.0);
  for (double& each : made) each = all > 0 ? each / all : 1.0 / static_cast<double>(made.size());
  return made;
}

/// How many seeds' worth of rows a pattern is measured over, at most: of larger tables the heaviest and an even choice of the rest.
constexpr std::size_t kRowsMeasured = 200'000;

class Expansion {
 public:
  Expansion(const DiscreteTable& table, std::vector<std::uint32_t> rows, std::vector<double> told, double size_weight)
      : table_(table), rows_(std::move(rows)), told_(std::move(told)), size_weight_(size_weight) {
    for (const std::uint32_t row : rows_) all_ += table_.weight_a(row);
  }

  double score(double weight, const Pattern& pattern) const {
    double told = 0;
    for (std::size_t column = 0; column < pattern.size(); ++column) told += pattern[column] != kAnyValue ? told_[column] : 0;
    if (told <= 0) return 0;
    return std::pow(weight / all_, size_weight_) * std::pow(std::min(told, 1.0), 1 - size_weight_);
  }

  /// Leaves out one column after the other, each time the one that leaves the best score, and gives the best pattern met.
  std::pair<Pattern, double> widest(std::uint32_t seed) const {
    Pattern pattern(table_.columns());
    for (std::size_t column = 0; column < pattern.size(); ++column) pattern[column] = table_.at(seed, column);
    std::pair<Pattern, double> best{pattern, 0};
    // Which columns of the seed each row has not: the rows that a pattern loses by one column are those that miss it alone.
    std::vector<std::uint16_t> missed(rows_.size());
    std::vector<double> by_column(pattern.size());
    double weight = 0;
    for (std::size_t at = 0; at < rows_.size(); ++at) {
      for (std::size_t column = 0; column < pattern.size(); ++column)
        missed[at] += table_.at(rows_[at], column) != pattern[column];
      if (missed[at] == 0) weight += table_.weight_a(rows_[at]);
    }
    best.second = score(weight, pattern);
    for (std::size_t left = pattern.size(); left > 1; --left) {
      std::fill(by_column.begin(), by_column.end(), 0);
      for (std::size_t at = 0; at < rows_.size(); ++at) {
        if (missed[at] != 1) continue;
        for (std::size_t column = 0; column < pattern.size(); ++column) {
          if (pattern[column] == kAnyValue || table_.at(rows_[at], column) == pattern[column]) continue;
          by_column[column] += table_.weight_a(rows_[at]);
          break;
        }
      }
      std::size_t chosen = pattern.size();
      double reached = -1;
      for (std::size_t column = 0; column < pattern.size(); ++column) {
        if (pattern[column] == kAnyValue) continue;
        Pattern wider = pattern;
        wider[column] = kAnyValue;
        const double made = score(weight + by_column[column], wider);
        if (made > reached) {
          reached = made;
          chosen = column;
        }
      }
      weight += by_column[chosen];
      for (std::size_t at = 0; at < rows_.size(); ++at) missed[at] -= table_.at(rows_[at], chosen) != pattern[chosen];
      pattern[chosen] = kAnyValue;
      if (reached > best.second) best = {pattern, reached};
    }
    return best;
  }

 private:
  const DiscreteTable& table_;
  std::vector<std::uint32_t> rows_;
  std::vector<double> told_;
  double size_weight_;
  double all_ = 0;
};

}  // namespace

Result<std::unique_ptr<columnar::BatchStream>> AutoCluster::run(std::span<const OpenInput> inputs,
                                                                const RunBounds& bounds) const {
  WARDIAN_ASSIGN(const auto stream, inputs[0]());
  WARDIAN_ASSIGN(const DiscreteTable table, DiscreteTable::read(*stream, bounds));
  std::vector<std::uint32_t> rows = all_rows(table);
  ItemWeights weights(table);
  weights.count(rows);
  std::ranges::stable_sort(rows, [&](std::uint32_t a, std::uint32_t b) { return table.weight_a(a) > table.weight_a(b); });
  std::vector<std::uint32_t> measured = rows;
  if (measured.size() > kRowsMeasured) {
    measured.resize(kRowsMeasured / 2);
    const std::size_t rest = rows.size() - measured.size();
    for (std::size_t at = 0; at < kRowsMeasured / 2; ++at)
      measured.push_back(rows[kRowsMeasured / 2 + at * rest / (kRowsMeasured / 2)]);
  }
  const Expansion expansion(table, measured, entropies(table, weights), size_weight_);

  // Half of the seeds are the heaviest rows, half an even choice by weight.
  std::vector<std::uint32_t> seeds(rows.begin(),
                                   rows.begin() + static_cast<std::ptrdiff_t>(std::min(rows.size(), (seeds_ + 1) / 2)));
  double passed = 0, next = 0;
  const double stride = table.total_a() / static_cast<double>(std::max<std::size_t>(seeds_ / 2, 1));
  for (const std::uint32_t row : rows) {
    passed += table.weight_a(row);
    if (passed > next && seeds.size() < seeds_) seeds.push_back(row);
    while (next < passed) next += stride;
  }
  std::vector<std::pair<Pattern, double>> grown;
  std::set<Pattern> known;
  for (const std::uint32_t seed : seeds) {
    WARDIAN_TRY(bounds.may_go_on());
    auto pattern = expansion.widest(seed);
    if (known.insert(pattern.first).second) grown.push_back(std::move(pattern));
  }
  std::ranges::stable_sort(grown, [](const auto& a, const auto& b) { return a.second > b.second; });

  std::vector<Found> found;
  std::vector<bool> taken(table.rows());
  for (const auto& [pattern, score] : grown) {
    WARDIAN_TRY(bounds.may_go_on());
    Weight all, fresh;
    std::vector<std::uint32_t> of_pattern;
    for (std::uint32_t row = 0; row < table.rows(); ++row) {
      if (!table.matches(row, pattern)) continue;
      all.a += table.weight_a(row);
      if (!taken[row]) fresh.a += table.weight_a(row);
      of_pattern.push_back(row);
    }
    if (fresh.a * 2 < all.a || all.a <= 0) continue;
    for (const std::uint32_t row : of_pattern) taken[row] = true;
    found.push_back({pattern, all});
  }
  return pattern_rows(schema(), table, found, false);
}

}  // namespace wardian::algorithm
