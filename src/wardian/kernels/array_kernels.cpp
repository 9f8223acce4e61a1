#include <algorithm>
#include <cmath>
#include <numeric>

#include "wardian/kernels/conversion.h"
#include "wardian/kernels/datetime.h"
#include "wardian/kernels/json_text.h"
#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"
#include "wardian/kernels/number_text.h"
#include "wardian/kernels/result_pack.h"
#include "wardian/kernels/timespan.h"

// Functions of arrays: what is no array gives null. Elements are moved as the JSON text they are.
namespace wardian::kernels {
namespace {

using Long = std::int64_t;
using Elements = std::vector<Text>;

/// What range() makes at most: longer arrays end there. repeat() refuses to make more.
constexpr Long kElementsMax = 1'048'576;

void write(std::string& out, std::span<const Text> elements) {
  JsonArrayWriter array(out);
  for (const Text element : elements) array.add(element);
  array.close();
}

std::optional<Long> length(Text json) {
  if (json_kind(json) != JsonKind::array) return std::nullopt;
  Long count = 0;
  for (JsonWalk walk(json); walk.next();) ++count;
  return count;
}

/// pack_array: arguments are JSON, nulls stand as null.
bool pack(Texts values, std::string& out) {
  JsonArrayWriter array(out);
  for (const auto& value : values) array.add(value.value_or("null"));
  array.close();
  return true;
}

/// Arrays end to end; a scalar counts as an array of itself, a null as none.
bool concat(Texts arrays, std::string& out) {
  JsonArrayWriter joined(out);
  bool any = false;
  for (const auto& json : arrays) {
    if (!json) continue;
    any = true;
    if (json_kind(*json) != JsonKind::array)
      joined.add(*json);
    else
      for (JsonWalk walk(*json); walk.next();) joined.add(walk.value());
  }
  joined.close();
  return any;
}

/// From and to, both included; below zero counted from the end.
bool slice(Elements& elements, Text json, Long start, Long end, std::string& out) {
  if (!split_json_array(json, elements)) return false;
  const auto size = static_cast<Long>(elements.size());
  if (start < 0) start += size;
  if (end < 0) end += size;
  start = std::max<Long>(start, 0);
  end = std::min<Long>(end, size - 1);
  if (start > end)
    elements.clear();
  else
    elements = Elements(elements.begin() + start, elements.begin() + end + 1);
  write(out, elements);
  return true;
}

/// Parts that begin at the given positions (a number or an array of numbers).
bool split_at(Elements& elements, Text json, Text positions, std::string& out) {
  if (!split_json_array(json, elements)) return false;
  const auto size = static_cast<Long>(elements.size());
  std::vector<Long> cuts;
  const auto add_cut = [&](Text position) {
    if (auto cut = dynamic_to_long(position)) cuts.push_back(std::clamp<Long>(*cut < 0 ? *cut + size : *cut, 0, size));
  };
  if (json_kind(positions) == JsonKind::array) {
    for (JsonWalk walk(positions); walk.next();) add_cut(walk.value());
  } else {
    add_cut(positions);
  }
  std::sort(cuts.begin(), cuts.end());
  cuts.push_back(size);
  JsonArrayWriter parts(out);
  Long begin = 0;
  for (const Long cut : cuts) {
    parts.separate();
    write(out, std::span(elements).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(cut - begin)));
    begin = cut;
  }
  parts.close();
  return true;
}

bool reverse(Elements& elements, Text json, std::string& out) {
  if (!split_json_array(json, elements)) return false;
  std::reverse(elements.begin(), elements.end());
  write(out, elements);
  return true;
}

bool rotate_left(Elements& elements, Text json, Long places, std::string& out) {
  if (!split_json_array(json, elements)) return false;
  if (!elements.empty()) {
    const auto size = static_cast<Long>(elements.size());
    std::rotate(elements.begin(), elements.begin() + ((places % size) + size) % size, elements.end());
  }
  write(out, elements);
  return true;
}
bool rotate_right(Elements& elements, Text json, Long places, std::string& out) {
  return rotate_left(elements, json, -(places % std::max<Long>(length(json).value_or(1), 1)), out);
}

/// What leaves at one end is lost, and `fill` enters at the other.
bool shift_left(Elements& elements, Text json, Long places, std::optional<Text> fill, std::string& out) {
  if (!split_json_array(json, elements)) return false;
  const auto size = static_cast<Long>(elements.size());
  places = std::clamp<Long>(places, -size, size);
  JsonArrayWriter array(out);
  for (Long at = 0; at < size; ++at) {
    const Long from = at + places;
    array.add(from >= 0 && from < size ? elements[static_cast<std::size_t>(from)] : fill.value_or("null"));
  }
  array.close();
  return true;
}
bool shift_right(Elements& elements, Text json, Long places, std::optional<Text> fill, std::string& out) {
  constexpr Long kFar = 1'000'000'000;
  return shift_left(elements, json, -std::clamp<Long>(places, -kFar, kFar), fill, out);
}

struct ThreeArrays {
  Elements condition, when_true, when_false;
};

/// Element by element; a branch that is no array stands for itself everywhere.
bool choose(ThreeArrays& parts, Text condition, std::optional<Text> when_true, std::optional<Text> when_false, std::string& out) {
  if (!split_json_array(condition, parts.condition)) return false;
  const bool true_array = when_true && split_json_array(*when_true, parts.when_true);
  const bool false_array = when_false && split_json_array(*when_false, parts.when_false);
  JsonArrayWriter array(out);
  for (std::size_t at = 0; at < parts.condition.size(); ++at) {
    const auto holds = dynamic_to_bool(parts.condition[at]);
    const auto pick = [&](bool is_array, const Elements& elements, const std::optional<Text>& scalar) {
      if (!is_array) return scalar.value_or("null");
      return at < elements.size() ? elements[at] : Text("null");
    };
    if (!holds)
      array.add("null");
    else if (*holds)
      array.add(pick(true_array, parts.when_true, when_true));
    else
      array.add(pick(false_array, parts.when_false, when_false));
  }
  array.close();
  return true;
}

/// Position of an occurrence of a value (JSON) among `count` elements from `start`, or -1; null for a count below -1 or an
/// occurrence below zero, as documented.
std::optional<Long> index_of(Elements& elements, Text json, std::optional<Text> value, Long start, Long count, Long occurrence) {
  if (count < -1 || occurrence < 0 || !split_json_array(json, elements)) return std::nullopt;
  const auto size = static_cast<Long>(elements.size());
  if (start < 0) start = std::max<Long>(size + start, 0);
  const Long end = count < 0 ? size : std::min(size, start + std::min(count, size));
  for (Long at = start; at < end; ++at) {
    if (elements[static_cast<std::size_t>(at)] == value.value_or("null") && --occurrence == 0) return at;
  }
  return -1;
}

std::optional<double> sum(Text json) {
  if (json_kind(json) != JsonKind::array) return std::nullopt;
  double total = 0;
  for (JsonWalk walk(json); walk.next();) {
    const JsonKind kind = json_kind(walk.value());
    if (kind == JsonKind::null) continue;
    const auto value = dynamic_to_real(walk.value());
    if (!value || kind == JsonKind::string) return std::nullopt;
    total += *value;
  }
  return total;
}

void join(std::optional<Text> json, Text delimiter, std::string& out) {
  if (!json) return;
  bool first = true;
  for (JsonWalk walk(*json); walk.next(); first = false) {
    if (!first) out.append(delimiter);
    if (walk.value() != "null") append_dynamic_as_text(out, walk.value());
  }
}

/// Tuples of the arrays' elements, as many as the longest has, padded with null.
bool zip(Texts arrays, std::string& out) {
  std::vector<Elements> columns(arrays.size());
  std::size_t rows = 0;
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    if (!arrays[i] || !split_json_array(*arrays[i], columns[i])) continue;
    rows = std::max(rows, columns[i].size());
  }
  JsonArrayWriter tuples(out);
  for (std::size_t row = 0; row < rows; ++row) {
    tuples.separate();
    JsonArrayWriter tuple(out);
    for (const Elements& column : columns) tuple.add(row < column.size() ? column[row] : Text("null"));
    tuple.close();
  }
  tuples.close();
  return true;
}

bool repeat_value(std::optional<Text> json, Long count, std::string& out) {
  if (count < 0 || count > kElementsMax) return false;
  JsonArrayWriter array(out);
  for (Long i = 0; i < count; ++i) array.add(json.value_or("null"));
  array.close();
  return true;
}

std::optional<Long> steps_between(Long start, Long stop, Long step) {
  if (step == 0) return std::nullopt;
  const Int128 distance = static_cast<Int128>(stop) - start;
  if ((distance < 0) != (step < 0) && distance != 0) return 0;
  const Int128 count = distance / step + 1;
  return static_cast<Long>(std::min<Int128>(count, kElementsMax));
}

template <class Append>
bool long_range(Long start, Long stop, Long step, std::string& out, Append append) {
  const auto count = steps_between(start, stop, step);
  if (!count) return false;
  JsonArrayWriter array(out);
  for (Long i = 0; i < *count; ++i) {
    array.separate();
    append(start + i * step);
  }
  array.close();
  return true;
}
bool range_long(Long start, Long stop, Long step, std::string& out) {
  return long_range(start, stop, step, out, [&](Long value) { append_long(out, value); });
}
bool range_datetime(Long start, Long stop, Long step, std::string& out) {
  return long_range(start, stop, step, out, [&](Long value) {
    out.push_back('"');
    append_datetime(out, value);
    out.push_back('"');
  });
}
bool range_timespan(Long start, Long stop, Long step, std::string& out) {
  return long_range(start, stop, step, out, [&](Long value) {
    out.push_back('"');
    append_timespan(out, value);
    out.push_back('"');
  });
}
bool range_real(double start, double stop, double step, std::string& out) {
  if (!(std::abs(step) > 0) || std::isnan(start) || std::isnan(stop)) return false;
  JsonArrayWriter array(out);
  for (Long i = 0; i < kElementsMax; ++i) {
    const double value = start + static_cast<double>(i) * step;
    if (step > 0 ? value > stop : value < stop) break;
    array.separate();
    append_json_real(out, value);
  }
  array.close();
  return true;
}

/// Numbers before strings before all else, each kind by its own order.
struct SortKey {
  int kind = 0;
  long double number = 0;  // holds every long and every double as it is
  std::string text;
};
SortKey sort_key(Text json) {
  switch (json_kind(json)) {
    case JsonKind::integer:
      if (const auto whole = dynamic_to_long(json)) return {0, static_cast<long double>(*whole), {}};
      return {0, dynamic_to_real(json).value_or(0), {}};
    case JsonKind::real: return {0, dynamic_to_real(json).value_or(0), {}};
    case JsonKind::string: return {1, 0, unescaped(json)};
    case JsonKind::boolean: return {2, json == "true" ? 1.0L : 0.0L, {}};
    default: return {3, 0, std::string(json)};
  }
}

/// Sorts the first array and moves the elements of the others with it. The first text says how: "a" or "d" for the
/// direction, then "f" or "l" for the nulls. One array gives an array, several a pack of them, with null for each that
/// is not as long as the first.
bool sort_arrays(Texts arguments, std::string& out) {
  if (arguments.size() < 2 || !arguments[0] || arguments[0]->size() < 2 || !arguments[1]) return false;
  const bool descending = (*arguments[0])[0] == 'd';
  const bool nulls_first = (*arguments[0])[1] == 'f';
  std::vector<Elements> arrays(arguments.size() - 1);
  if (!split_json_array(*arguments[1], arrays[0])) return false;
  for (std::size_t i = 2; i < arguments.size(); ++i) {
    if (arguments[i]) split_json_array(*arguments[i], arrays[i - 1]);
  }
  std::vector<SortKey> keys;
  keys.reserve(arrays[0].size());
  for (const Text element : arrays[0]) keys.push_back(sort_key(element));
  std::vector<std::size_t> order(keys.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const bool a_null = arrays[0][a] == "null", b_null = arrays[0][b] == "null";
    if (a_null || b_null) return a_null != b_null && (nulls_first ? a_null : b_null);
    const SortKey& left = keys[a];
    const SortKey& right = keys[b];
    if (left.kind != right.kind) return left.kind < right.kind;
    if (left.number != right.number) return descending ? left.number > right.number : left.number < right.number;
    return descending ? left.text > right.text : left.text < right.text;
  });
  const auto write_sorted = [&](const Elements& elements) {
    JsonArrayWriter array(out);
    for (const std::size_t at : order) array.add(elements[at]);
    array.close();
  };
  if (arrays.size() == 1) {
    write_sorted(arrays[0]);
    return true;
  }
  ResultPack all(out);
  for (const Elements& elements : arrays) {
    if (elements.size() == order.size())
      all.add_written([&](std::string&) { write_sorted(elements); });
    else
      all.add_null();
  }
  return true;
}

constexpr Kernel kKernels[] = {
    kernel<&concat>("wardian_array_concat"),
    kernel<&choose>("wardian_array_iff"),
    kernel<&index_of>("wardian_array_index_of"),
    kernel<&length>("wardian_array_length"),
    kernel<&pack>("wardian_array_pack"),
    kernel<&repeat_value>("wardian_array_repeat"),
    kernel<&reverse>("wardian_array_reverse"),
    kernel<&rotate_left>("wardian_array_rotate_left"),
    kernel<&rotate_right>("wardian_array_rotate_right"),
    kernel<&shift_left>("wardian_array_shift_left"),
    kernel<&shift_right>("wardian_array_shift_right"),
    kernel<&slice>("wardian_array_slice"),
    kernel<&sort_arrays>("wardian_array_sort"),
    kernel<&split_at>("wardian_array_split"),
    kernel<&sum>("wardian_array_sum"),
    kernel<&range_datetime>("wardian_range_datetime"),
    kernel<&range_long>("wardian_range_long"),
    kernel<&range_real>("wardian_range_real"),
    kernel<&range_timespan>("wardian_range_timespan"),
    kernel<&join>("wardian_strcat_array"),
    kernel<&zip>("wardian_zip"),
};

}  // namespace

std::span<const Kernel> array_kernels() { return kKernels; }

}  // namespace wardian::kernels
