#include <algorithm>
#include <array>
#include <deque>
#include <stdexcept>
#include <string>
#include <unordered_set>

#include "wardian/kernels/aggregate_table.h"
#include "wardian/kernels/json_text.h"

namespace wardian::kernels {
namespace {

constexpr std::size_t kBytesMax = std::size_t{1} << 30;

/// (value as JSON, most values, whether arrays are opened): the different values in the order of first appearance, as a JSON
/// array; nulls are left out.
struct OrderedSet {
  static constexpr std::array kArguments = {ValueType::text, ValueType::int64, ValueType::boolean};
  static constexpr ValueType kResult = ValueType::text;

  void update(std::span<const Column> arguments, std::size_t row) {
    size_max = static_cast<std::size_t>(std::max<std::int64_t>(0, value_at<std::int64_t>(arguments[1], row)));
    if (!arguments[0].is_valid(row)) return;
    const auto json = value_at<std::string_view>(arguments[0], row);
    if (!value_at<bool>(arguments[2], row) || json_kind(json) != JsonKind::array) return add(json);
    for (JsonWalk walk(json); walk.next();) add(walk.value());
  }
  void combine(const OrderedSet& later) {
    size_max = later.size_max;
    for (const std::string& json : later.values) add(json);
  }
  void finalize(ResultColumn& result, std::size_t row) const {
    std::string out;
    JsonArrayWriter array(out);
    for (const std::string& json : values) array.add(json);
    array.close();
    result.set_text(row, out);
  }

  void add(std::string_view json) {
    if (values.size() >= size_max || json == "null" || seen.contains(json)) return;
    bytes += json.size();
    if (bytes > kBytesMax)
      throw std::length_error("A set holds more than 1 GiB: make_set() takes the most elements as its last argument");
    seen.insert(values.emplace_back(json));
  }

  std::size_t size_max = 0, bytes = 0;
  std::deque<std::string> values;             // stay where they are
  std::unordered_set<std::string_view> seen;  // views of them
};

constexpr AggregateKernel kAggregates[] = {aggregate<OrderedSet>("wardian_make_set")};

}  // namespace

std::span<const AggregateKernel> set_aggregates() { return kAggregates; }

}  // namespace wardian::kernels
