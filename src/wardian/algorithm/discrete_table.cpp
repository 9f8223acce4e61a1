#include "wardian/algorithm/discrete_table.h"

#include <numeric>

#include "wardian/algorithm/row_cursor.h"

namespace wardian::algorithm {
namespace {

constexpr std::size_t kWeightA = 0, kWeightB = 1, kFirstColumn = 2;

struct RowHash {
  const std::vector<ValueId>* cells;
  std::size_t width;
  std::size_t operator()(std::uint32_t row) const {
    std::size_t hash = 1469598103934665603U;
    for (std::size_t at = 0; at < width; ++at) hash = (hash ^ (*cells)[row * width + at]) * 1099511628211U;
    return hash ^ (hash >> 32);
  }
};
struct RowEqual {
  const std::vector<ValueId>* cells;
  std::size_t width;
  bool operator()(std::uint32_t a, std::uint32_t b) const {
    const ValueId* const all = cells->data();
    return std::equal(all + a * width, all + (a + 1) * width, all + b * width);
  }
};

}  // namespace

ValueId DiscreteTable::id_of(std::size_t column, bool valid, std::string_view text) {
  Values& values = values_[column];
  if (!valid) {
    if (values.null_id == kAnyValue) {
      values.texts.push_back({{}, true});
      values.null_id = static_cast<ValueId>(values.texts.size());
    }
    return values.null_id;
  }
  const auto [found, fresh] = values.ids.try_emplace(std::string(text), static_cast<ValueId>(values.texts.size() + 1));
  if (fresh) {
    values.texts.push_back({found->first, false});
    bytes_ += 2 * text.size() + 128;
  }
  return found->second;
}

Result<DiscreteTable> DiscreteTable::read(columnar::BatchStream& rows, const RunBounds& bounds) {
  const std::size_t width = rows.schema().size() - kFirstColumn;
  DiscreteTable made(width);
  std::vector<ValueId>& cells = made.cells_;
  std::unordered_map<std::uint32_t, char, RowHash, RowEqual> known(1024, RowHash{&cells, width}, RowEqual{&cells, width});
  const auto weight_of = [](const columnar::ColumnView& column, std::size_t row) {
    const double weight = column.is_valid(row) ? std::get<std::span<const double>>(column.values)[row] : 0;
    return weight > 0 && weight < 1e300 ? weight : 0;
  };
  for (;;) {
    WARDIAN_TRY(bounds.may_go_on());
    WARDIAN_ASSIGN(const std::optional<columnar::Batch> batch, rows.next());
    if (!batch) break;
    for (std::size_t row = 0; row < batch->rows; ++row) {
      const double a = weight_of(batch->columns[kWeightA], row), b = weight_of(batch->columns[kWeightB], row);
      if (a == 0 && b == 0) continue;
      for (std::size_t column = 0; column < width; ++column) {
        const columnar::ColumnView& cell = batch->columns[kFirstColumn + column];
        cells.push_back(made.id_of(column, cell.is_valid(row), std::get<std::span<const std::string_view>>(cell.values)[row]));
      }
      const auto next = static_cast<std::uint32_t>(made.weights_a_.size());
      const auto [found, fresh] = known.try_emplace(next);
      if (fresh) {
        made.weights_a_.push_back(a);
        made.weights_b_.push_back(b);
        made.bytes_ += width * sizeof(ValueId) + 64;
      } else {
        cells.resize(next * width);
        made.weights_a_[found->first] += a;
        made.weights_b_[found->first] += b;
      }
      made.total_a_ += a;
      made.total_b_ += b;
    }
    if (made.bytes_ > bounds.memory_bytes_max / 2 || made.rows() > UINT32_MAX - 100'000U) {
      return Error{ErrorCode::out_of_memory,
                   "The table has too many different rows to look for patterns",
                   {},
                   "Project fewer columns, without ids and texts, or take a sample"};
    }
  }
  return made;
}

ItemWeights::ItemWeights(const DiscreteTable& table) : table_(table), weights_(table.columns()) {
  for (std::size_t column = 0; column < table.columns(); ++column) weights_[column].resize(table.value_count(column) + 1);
}

void ItemWeights::count(std::span<const std::uint32_t> rows) {
  for (const std::uint32_t row : counted_) {
    for (std::size_t column = 0; column < weights_.size(); ++column) weights_[column][table_.at(row, column)] = {};
  }
  counted_.assign(rows.begin(), rows.end());
  all_ = {};
  for (const std::uint32_t row : counted_) {
    const double a = table_.weight_a(row), b = table_.weight_b(row);
    all_.a += a;
    all_.b += b;
    for (std::size_t column = 0; column < weights_.size(); ++column) {
      Weight& weight = weights_[column][table_.at(row, column)];
      weight.a += a;
      weight.b += b;
    }
  }
}

void ItemWeights::close(Pattern& pattern) const {
  if (counted_.empty()) return;
  for (std::size_t column = 0; column < weights_.size(); ++column) {
    if (pattern[column] != kAnyValue) continue;
    const ValueId value = table_.at(counted_.front(), column);
    // Sums of the same rows in the same order are the same to the last bit.
    const Weight& weight = weights_[column][value];
    if (weight.a == all_.a && weight.b == all_.b) pattern[column] = value;
  }
}

std::vector<std::uint32_t> rows_with(const DiscreteTable& table, std::span<const std::uint32_t> among, Item item) {
  std::vector<std::uint32_t> made;
  for (const std::uint32_t row : among) {
    if (table.at(row, item.column) == item.value) made.push_back(row);
  }
  return made;
}

std::vector<std::uint32_t> all_rows(const DiscreteTable& table) {
  std::vector<std::uint32_t> made(table.rows());
  std::iota(made.begin(), made.end(), 0U);
  return made;
}

}  // namespace wardian::algorithm
