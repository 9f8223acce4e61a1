#include <algorithm>
#include <set>

#include "wardian/algorithm/pattern_mining.h"
#include "wardian/algorithm/pattern_rows.h"

namespace wardian::algorithm {
namespace {

std::size_t asked(const Pattern& pattern) {
  return static_cast<std::size_t>(std::ranges::count_if(pattern, [](ValueId value) { return value != kAnyValue; }));
}

}  // namespace

Result<std::unique_ptr<columnar::BatchStream>> Basket::run(std::span<const OpenInput> inputs, const RunBounds& bounds) const {
  WARDIAN_ASSIGN(const auto stream, inputs[0]());
  WARDIAN_ASSIGN(const DiscreteTable table, DiscreteTable::read(*stream, bounds));
  // A share of exactly the threshold passes, whatever the division's last digit.
  const double least = threshold_ * table.total_a() * (1 - 1e-12);

  std::vector<std::uint32_t> rows = all_rows(table);
  ItemWeights weights(table), within(table);
  weights.count(rows);
  std::vector<std::vector<std::uint32_t>> having;  // the rows of each frequent value
  std::vector<Item> items;
  for (std::uint32_t column = 0; column < table.columns(); ++column) {
    for (ValueId value = 1; value <= table.value_count(column); ++value) {
      const Item item{column, value};
      if (weights.of(item).a < least || weights.of(item).a <= 0) continue;
      items.push_back(item);
      having.push_back(rows_with(table, rows, item));
    }
  }

  std::set<Pattern> known;
  std::vector<Found> found;
  std::size_t bytes = 0;
  Pattern whole(table.columns(), kAnyValue);
  weights.close(whole);
  if (table.rows() > 0 && asked(whole) > 0) found.push_back({whole, weights.all()});
  known.insert(whole);
  // Level by level: a pattern is met first with the fewest values that tell it.
  std::vector<Pattern> level{whole};
  for (std::size_t dimension = 0; dimension < dimensions_max_ && !level.empty(); ++dimension) {
    std::vector<Pattern> next;
    for (const Pattern& pattern : level) {
      // The rows of the pattern, from those of its rarest value.
      const std::vector<std::uint32_t>* rarest = &rows;
      for (std::size_t at = 0; at < items.size(); ++at) {
        if (pattern[items[at].column] == items[at].value && having[at].size() < rarest->size()) rarest = &having[at];
      }
      std::vector<std::uint32_t> of_pattern;
      for (const std::uint32_t row : *rarest) {
        if (table.matches(row, pattern)) of_pattern.push_back(row);
      }
      within.count(of_pattern);
      for (const Item& item : items) {
        if (pattern[item.column] != kAnyValue || within.of(item).a < least) continue;
        WARDIAN_TRY(bounds.may_go_on());
        weights.count(rows_with(table, of_pattern, item));
        Pattern longer = pattern;
        longer[item.column] = item.value;
        weights.close(longer);
        if (!known.insert(longer).second) continue;
        bytes += 3 * (longer.size() * sizeof(ValueId) + 96);
        if (bytes > bounds.memory_bytes_max / 4) {
          return Error{ErrorCode::out_of_memory,
                       "There are too many frequent patterns",
                       {},
                       "Raise the threshold, lower the number of dimensions, or project fewer columns"};
        }
        found.push_back({longer, weights.all()});
        next.push_back(std::move(longer));
      }
    }
    level = std::move(next);
  }
  std::ranges::stable_sort(found, [](const Found& a, const Found& b) {
    return a.weight.a != b.weight.a ? a.weight.a > b.weight.a : asked(a.pattern) > asked(b.pattern);
  });
  return pattern_rows(schema(), table, found, false);
}

}  // namespace wardian::algorithm
