#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "wardian/kernels/aggregate_table.h"
#include "wardian/kernels/json_text.h"
#include "wardian/kernels/number_text.h"

// What make-series gathers: the values of a group at the places of their bins, as one array.
namespace wardian::kernels {
namespace {

/// An array has no more elements than this, as documented; what lies beyond is left out.
constexpr std::int64_t kElementsMax = 1'048'576;

template <class Value>
void append_json(std::string& out, const Value& value) {
  if constexpr (std::is_same_v<Value, double>)
    append_json_real(out, value);
  else if constexpr (std::is_same_v<Value, std::int64_t>)
    append_long(out, value);
  else
    out.append(value);  // JSON already
}

/// (place, value, default as JSON, first place, last place): value by value from the first place to the last; where these
/// are null, from the least place of the group to its greatest. A null place counts for nothing, a null value is null.
/// Two values at one place cannot be; the later row's would stand.
template <class Value, ValueType type>
struct MadeSeries {
  static constexpr std::array kArguments = {ValueType::int64, type, ValueType::text, ValueType::int64, ValueType::int64};
  static constexpr ValueType kResult = ValueType::text;

  struct Element {
    std::int64_t place;
    std::optional<Value> value;
  };

  void update(std::span<const Column> arguments, std::size_t row) {
    if (!known) {
      known = true;
      if (arguments[2].is_valid(row)) otherwise = std::string(value_at<std::string_view>(arguments[2], row));
      if (arguments[3].is_valid(row)) first = value_at<std::int64_t>(arguments[3], row);
      if (arguments[4].is_valid(row)) last = value_at<std::int64_t>(arguments[4], row);
    }
    if (!arguments[0].is_valid(row)) return;
    Element element{value_at<std::int64_t>(arguments[0], row), std::nullopt};
    if (arguments[1].is_valid(row)) {
      if constexpr (type == ValueType::text)
        element.value = Value(value_at<std::string_view>(arguments[1], row));
      else
        element.value = value_at<Value>(arguments[1], row);
    }
    elements.push_back(std::move(element));
  }

  void combine(const MadeSeries& later) {
    if (!known) {
      known = later.known;
      otherwise = later.otherwise;
      first = later.first;
      last = later.last;
    }
    elements.insert(elements.end(), later.elements.begin(), later.elements.end());
  }

  void finalize(ResultColumn& result, std::size_t row) const {
    std::vector<const Element*> sorted;
    sorted.reserve(elements.size());
    for (const Element& element : elements) sorted.push_back(&element);
    std::ranges::stable_sort(sorted, {}, &Element::place);
    std::string out;
    JsonArrayWriter array(out);
    if (!sorted.empty() || (first && last)) {
      std::int64_t place = first ? *first : sorted.front()->place;
      const std::int64_t end = last ? *last : sorted.back()->place;
      auto next = std::ranges::lower_bound(sorted, place, {}, &Element::place);
      for (std::int64_t count = 0; place <= end && count < kElementsMax; ++count, ++place) {
        array.separate();
        if (next == sorted.end() || (*next)->place != place) {
          out.append(otherwise);
          continue;
        }
        while (std::next(next) != sorted.end() && (*std::next(next))->place == place) ++next;
        if ((*next)->value)
          append_json(out, *(*next)->value);
        else
          out.append("null");
        ++next;
      }
    }
    array.close();
    result.set_text(row, out);
  }

  std::vector<Element> elements;
  std::string otherwise = "null";
  std::optional<std::int64_t> first, last;
  bool known = false;
};

constexpr AggregateKernel kAggregates[] = {
    aggregate<MadeSeries<std::string, ValueType::text>>("wardian_make_series_json"),
    aggregate<MadeSeries<std::int64_t, ValueType::int64>>("wardian_make_series_long"),
    aggregate<MadeSeries<double, ValueType::real>>("wardian_make_series_real"),
};

}  // namespace

std::span<const AggregateKernel> series_aggregates() { return kAggregates; }

}  // namespace wardian::kernels
