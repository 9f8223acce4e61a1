#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "wardian/algorithm/table_algorithm.h"

/// A table of discrete values, for algorithms that look for patterns: values are numbered column by column, and rows of
/// equal values are one with their weights added up.
namespace wardian::algorithm {

using ValueId = std::uint32_t;

/// Which value each column has to have.
inline constexpr ValueId kAnyValue = 0;
using Pattern = std::vector<ValueId>;

/// A column with one value in it.
struct Item {
  std::uint32_t column = 0;
  ValueId value = 0;
};

class DiscreteTable {
 public:
  explicit DiscreteTable(std::size_t columns) : values_(columns) {}

  /// Reads rows of: weight A (real), weight B (real), then the text of each column, null where it has none. Weights below or equal
  /// to 0, and null, count nothing.
  static Result<DiscreteTable> read(columnar::BatchStream& rows, const RunBounds& bounds);

  std::size_t columns() const { return values_.size(); }
  std::size_t rows() const { return weights_a_.size(); }
  ValueId at(std::size_t row, std::size_t column) const { return cells_[row * columns() + column]; }
  double weight_a(std::size_t row) const { return weights_a_[row]; }
  double weight_b(std::size_t row) const { return weights_b_[row]; }
  double total_a() const { return total_a_; }
  double total_b() const { return total_b_; }
  /// Ids of values are from 1 to this.
  std::size_t value_count(std::size_t column) const { return values_[column].texts.size(); }
  /// Null where the value is null.
  const std::string* text(std::size_t column, ValueId value) const {
    const auto& found = values_[column].texts[value - 1];
    return found.null ? nullptr : &found.text;
  }

  bool matches(std::size_t row, const Pattern& pattern) const {
    for (std::size_t column = 0; column < columns(); ++column) {
      if (pattern[column] != kAnyValue && at(row, column) != pattern[column]) return false;
    }
    return true;
  }

 private:
  struct Held {
    std::string text;
    bool null = false;
  };
  struct Values {
    std::unordered_map<std::string, ValueId> ids;
    ValueId null_id = kAnyValue;
    std::vector<Held> texts;
  };
  ValueId id_of(std::size_t column, bool valid, std::string_view text);

  std::vector<Values> values_;
  std::vector<ValueId> cells_;
  std::vector<double> weights_a_, weights_b_;
  double total_a_ = 0, total_b_ = 0;
  std::size_t bytes_ = 0;
};

/// What the rows of a pattern weigh.
struct Weight {
  double a = 0, b = 0;
};

/// The weights of every value among some rows, by column and value.
class ItemWeights {
 public:
  explicit ItemWeights(const DiscreteTable& table);
  void count(std::span<const std::uint32_t> rows);
  const Weight& of(Item item) const { return weights_[item.column][item.value]; }
  const Weight& all() const { return all_; }
  /// The values that every counted row has, into the pattern: what follows from what it says already.
  void close(Pattern& pattern) const;

 private:
  const DiscreteTable& table_;
  std::vector<std::vector<Weight>> weights_;
  std::vector<std::uint32_t> counted_;
  Weight all_;
};

/// The rows, out of `among`, that have the item's value.
std::vector<std::uint32_t> rows_with(const DiscreteTable& table, std::span<const std::uint32_t> among, Item item);
std::vector<std::uint32_t> all_rows(const DiscreteTable& table);

}  // namespace wardian::algorithm
