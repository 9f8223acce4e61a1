#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <vector>

#include "wardian/kernels/aggregate_table.h"
#include "wardian/kernels/json_text.h"
#include "wardian/kernels/number_text.h"
#include "wardian/kernels/xxhash.h"

// make_set: the different values in the order of first appearance, as a JSON array; nulls are left out.
namespace wardian::kernels {
namespace {

constexpr std::size_t kBytesMax = std::size_t{1} << 30;

/// Whole numbers by themselves.
class LongItems {
 public:
  using Value = std::int64_t;
  static std::uint64_t hash(std::int64_t value) {
    const std::uint64_t product = static_cast<std::uint64_t>(value) * 0x9E3779B97F4A7C15ULL;
    return product ^ (product >> 32);
  }
  std::size_t size() const { return values_.size(); }
  std::int64_t at(std::size_t index) const { return values_[index]; }
  void add(std::int64_t value) { values_.push_back(value); }
  void append_json(std::string& out, std::size_t index) const { append_long(out, values_[index]); }

 private:
  std::vector<std::int64_t> values_;
};

/// JSON values one behind the other.
class JsonItems {
 public:
  using Value = std::string_view;
  static std::uint64_t hash(std::string_view value) { return xxhash64(value); }
  std::size_t size() const { return ends_.size(); }
  std::string_view at(std::size_t index) const {
    const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
    return std::string_view(bytes_).substr(begin, ends_[index] - begin);
  }
  void add(std::string_view value) {
    if (bytes_.size() + value.size() > kBytesMax) {
      throw std::length_error("A set holds more than 1 GiB; make_set() takes the most elements as its last argument");
    }
    bytes_ += value;
    ends_.push_back(static_cast<std::uint32_t>(bytes_.size()));
  }
  void append_json(std::string& out, std::size_t index) const { out += at(index); }

 private:
  std::string bytes_;
  std::vector<std::uint32_t> ends_;
};

/// Texts, which become JSON strings with the result.
class TextItems : public JsonItems {
 public:
  void append_json(std::string& out, std::size_t index) const { append_json_string(out, at(index)); }
};

template <class Items>
class OrderedSet {
 public:
  using Value = typename Items::Value;

  void add(Value value, std::size_t size_max) {
    if (items_.size() >= size_max) return;
    if (4 * (items_.size() + 1) > 3 * slots_.size()) grow();
    const std::uint64_t hash = Items::hash(value);
    const auto tag = static_cast<std::uint32_t>(hash >> 32);
    std::size_t at = hash & (slots_.size() - 1);
    for (; slots_[at].next != 0; at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at].tag == tag && items_.at(slots_[at].next - 1) == value) return;
    }
    items_.add(value);
    slots_[at] = {tag, static_cast<std::uint32_t>(items_.size())};
  }
  const Items& items() const { return items_; }

 private:
  struct Slot {
    std::uint32_t tag = 0;   // of the value's hash
    std::uint32_t next = 0;  // the item behind the value's; 0: free
  };

  void grow() {
    slots_.assign(std::max<std::size_t>(8, 2 * slots_.size()), {});
    for (std::size_t index = 0; index < items_.size(); ++index) {
      const std::uint64_t hash = Items::hash(items_.at(index));
      std::size_t at = hash & (slots_.size() - 1);
      while (slots_[at].next != 0) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = {static_cast<std::uint32_t>(hash >> 32), static_cast<std::uint32_t>(index + 1)};
    }
  }

  Items items_;
  std::vector<Slot> slots_;  // open addressing; a power of two
};

template <class Items>
void finish(const OrderedSet<Items>& set, ResultColumn& result, std::size_t row) {
  std::string out;
  JsonArrayWriter array(out);
  for (std::size_t index = 0; index < set.items().size(); ++index) {
    array.separate();
    set.items().append_json(out, index);
  }
  array.close();
  result.set_text(row, out);
}

/// (value, most values)
template <class Items, ValueType type>
struct ValueSet {
  static constexpr std::array kArguments = {type, ValueType::int64};
  static constexpr ValueType kResult = ValueType::text;
  static constexpr bool kMovesAsBytes = type == ValueType::int64;  // a short std::string points at itself

  void update(std::span<const Column> arguments, std::size_t row) {
    size_max = static_cast<std::size_t>(std::max<std::int64_t>(0, value_at<std::int64_t>(arguments[1], row)));
    if (arguments[0].is_valid(row)) set.add(value_at<typename Items::Value>(arguments[0], row), size_max);
  }
  void combine(ValueSet&& later) {
    size_max = later.size_max;
    if (set.items().size() == 0) return std::swap(set, later.set);
    for (std::size_t index = 0; index < later.set.items().size(); ++index) set.add(later.set.items().at(index), size_max);
  }
  void finalize(ResultColumn& result, std::size_t row) const { finish(set, result, row); }

  std::size_t size_max = 0;
  OrderedSet<Items> set;
};

/// (value as JSON, most values, whether arrays are opened)
struct JsonSet {
  static constexpr std::array kArguments = {ValueType::text, ValueType::int64, ValueType::boolean};
  static constexpr ValueType kResult = ValueType::text;

  void update(std::span<const Column> arguments, std::size_t row) {
    size_max = static_cast<std::size_t>(std::max<std::int64_t>(0, value_at<std::int64_t>(arguments[1], row)));
    if (!arguments[0].is_valid(row)) return;
    const auto json = value_at<std::string_view>(arguments[0], row);
    if (!value_at<bool>(arguments[2], row) || json_kind(json) != JsonKind::array) return add(json);
    for (JsonWalk walk(json); walk.next();) add(walk.value());
  }
  void combine(JsonSet&& later) {
    size_max = later.size_max;
    if (set.items().size() == 0) return std::swap(set, later.set);
    for (std::size_t index = 0; index < later.set.items().size(); ++index) set.add(later.set.items().at(index), size_max);
  }
  void finalize(ResultColumn& result, std::size_t row) const { finish(set, result, row); }
  void add(std::string_view json) {
    if (json != "null") set.add(json, size_max);
  }

  std::size_t size_max = 0;
  OrderedSet<JsonItems> set;
};

constexpr AggregateKernel kAggregates[] = {
    aggregate<JsonSet>("wardian_make_set"),
    aggregate<ValueSet<LongItems, ValueType::int64>>("wardian_make_set_long"),
    aggregate<ValueSet<TextItems, ValueType::text>>("wardian_make_set_text"),
};

}  // namespace

std::span<const AggregateKernel> set_aggregates() { return kAggregates; }

}  // namespace wardian::kernels
