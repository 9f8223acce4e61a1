#include <algorithm>
#include <cmath>
#include <set>

#include "wardian/algorithm/pattern_mining.h"
#include "wardian/algorithm/pattern_rows.h"

namespace wardian::algorithm {

Result<std::unique_ptr<columnar::BatchStream>> DiffPatterns::run(std::span<const OpenInput> inputs,
                                                                 const RunBounds& bounds) const {
  WARDIAN_ASSIGN(const auto stream, inputs[0]());
  WARDIAN_ASSIGN(const DiscreteTable table, DiscreteTable::read(*stream, bounds));
  if (table.total_a() <= 0 || table.total_b() <= 0) return pattern_rows(schema(), table, {}, true);
  const auto apart = [&](const Weight& weight) { return weight.a / table.total_a() - weight.b / table.total_b(); };

  const std::vector<std::uint32_t> rows = all_rows(table);
  ItemWeights single(table), within(table);
  single.count(rows);
  std::vector<Item> items;
  for (std::uint32_t column = 0; column < table.columns(); ++column) {
    for (ValueId value = 1; value <= table.value_count(column); ++value) {
      const Weight& weight = single.of({column, value});
      // A pattern sets A and B apart by no more than the larger share of its values.
      if (std::max(weight.a / table.total_a(), weight.b / table.total_b()) >= threshold_) items.push_back({column, value});
    }
  }
  std::set<Pattern> known;
  std::vector<Found> found;
  for (const Item& seed : items) {
    const double seed_apart = apart(single.of(seed));
    for (const double sign : {1.0, -1.0}) {
      if (sign * seed_apart < 0) continue;  // what grows against its seed's own side is part of a better pattern
      WARDIAN_TRY(bounds.may_go_on());
      Pattern pattern(table.columns(), kAnyValue);
      pattern[seed.column] = seed.value;
      std::vector<std::uint32_t> of_pattern = rows_with(table, rows, seed);
      within.count(of_pattern);
      for (std::size_t dimension = 1; dimension < dimensions_max_; ++dimension) {
        double best = sign * apart(within.all()) + 1e-12;
        const Item* chosen = nullptr;
        for (const Item& item : items) {
          if (pattern[item.column] != kAnyValue || sign * apart(within.of(item)) <= best) continue;
          best = sign * apart(within.of(item));
          chosen = &item;
        }
        if (chosen == nullptr) break;
        pattern[chosen->column] = chosen->value;
        of_pattern = rows_with(table, of_pattern, *chosen);
        within.count(of_pattern);
      }
      if (sign * apart(within.all()) < threshold_ * (1 - 1e-12)) continue;
      within.close(pattern);
      if (known.insert(pattern).second) found.push_back({std::move(pattern), within.all()});
    }
  }
  std::ranges::stable_sort(found,
                           [&](const Found& a, const Found& b) { return std::abs(apart(a.weight)) > std::abs(apart(b.weight)); });
  return pattern_rows(schema(), table, found, true);
}

}  // namespace wardian::algorithm
