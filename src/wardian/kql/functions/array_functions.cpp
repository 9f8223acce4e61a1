#include <algorithm>
#include <array>

#include "wardian/kql/functions/function_families.h"
#include "wardian/kql/functions/value_forms.h"

namespace wardian::kql {
namespace {

constexpr char kPack[] = "wardian_array_pack", kConcat[] = "wardian_array_concat", kUnion[] = "wardian_set_union",
               kIntersect[] = "wardian_set_intersect", kDifference[] = "wardian_set_difference";

/// The argument at that place as JSON, the others as they are.
template <const char* function, std::size_t... places>
sql::ExprPtr with_json(const CallSite& site) {
  std::vector<sql::ExprPtr> arguments(site.arguments.begin(), site.arguments.end());
  for (const std::size_t place : {places...}) arguments[place] = json_argument(site, place);
  return sql::call(function, std::move(arguments));
}
constexpr char kIndexOf[] = "wardian_array_index_of", kHas[] = "wardian_set_has_element", kRepeat[] = "wardian_array_repeat",
               kIff[] = "wardian_array_iff", kShiftLeft[] = "wardian_array_shift_left",
               kShiftRight[] = "wardian_array_shift_right", kSplit[] = "wardian_array_split";

sql::ExprPtr shift_with_null(const CallSite& site, const char* function) {
  return sql::call(function, {site.arguments[0], site.arguments[1], sql::cast(sql::null(), "VARCHAR")});
}
sql::ExprPtr shift_left_with_null(const CallSite& site) { return shift_with_null(site, kShiftLeft); }
sql::ExprPtr shift_right_with_null(const CallSite& site) { return shift_with_null(site, kShiftRight); }

/// Arrays, then perhaps a bool: whether nulls come last.
sql::ExprPtr sorted(const CallSite& site, char direction) {
  std::vector<sql::ExprPtr> arguments;
  bool nulls_last = true;
  std::size_t arrays = site.arguments.size();
  if (arrays > 1 && site.type(arrays - 1) == Type::boolean) {
    --arrays;
    const columnar::Value* value = site.constant(arrays);
    const bool* held = value == nullptr ? nullptr : std::get_if<bool>(&value->held);
    nulls_last = held == nullptr || *held;
  }
  arguments.push_back(sql::string(std::string{direction, nulls_last ? 'l' : 'f'}));
  for (std::size_t at = 0; at < arrays; ++at) arguments.push_back(json_argument(site, at));
  return sql::call("wardian_array_sort", std::move(arguments));
}
sql::ExprPtr sorted_up(const CallSite& site) { return sorted(site, 'a'); }
sql::ExprPtr sorted_down(const CallSite& site) { return sorted(site, 'd'); }

template <const char* function, std::int64_t default_step>
sql::ExprPtr range(const CallSite& site) {
  std::vector<sql::ExprPtr> arguments(site.arguments.begin(), site.arguments.end());
  if (arguments.size() < 3) arguments.push_back(sql::cast(sql::integer(default_step), "BIGINT"));
  return sql::call(function, std::move(arguments));
}
/// int and long together are long, numbers of other kinds real; other kinds do not go together.
sql::ExprPtr range_of_kinds(const CallSite& site) {
  bool whole = true;
  for (std::size_t at = 0; at < site.arguments.size(); ++at) {
    if (!columnar::is_numeric(site.type(at))) return sql::cast(sql::null(), "VARCHAR");
    whole = whole && columnar::is_integer(site.type(at));
  }
  std::vector<sql::ExprPtr> arguments;
  for (const sql::ExprPtr& argument : site.arguments) arguments.push_back(sql::cast(argument, whole ? "BIGINT" : "DOUBLE"));
  return sql::call(whole ? "wardian_range_long" : "wardian_range_real", std::move(arguments));
}

constexpr char kLongs[] = "wardian_range_long", kReals[] = "wardian_range_real", kDatetimes[] = "wardian_range_datetime",
               kTimespans[] = "wardian_range_timespan";
constexpr std::int64_t kHour = 36'000'000'000;

/// Equal as sets: neither has what the other lacks.
sql::ExprPtr set_equals(const CallSite& site) {
  const auto lacking = [&](std::size_t a, std::size_t b) {
    return sql::binary("=", sql::call(kDifference, {site.arguments[a], site.arguments[b]}), sql::string("[]"));
  };
  return sql::binary("AND", lacking(0, 1), lacking(1, 0));
}

/// Of type dynamic, as the language says.
sql::ExprPtr jaccard_index(const CallSite& site) {
  return to_json(sql::call("wardian_jaccard_index", {site.arguments[0], site.arguments[1]}), Type::real);
}

constexpr char kIffSummary[] =
    "Element by element: of the second where the first is true, else of the third; null beyond their ends.";
constexpr char kSort[] =
    "The first array sorted, numbers before strings, and the others in the same order, each as a column of its own.";
constexpr char kRange[] = "An array from start up to and with stop, by steps; null beyond 1,048,576 elements.";
constexpr char kShift[] = "The array moved by places; the default value (null) takes the free ones.";

constexpr auto kFunctions = std::to_array<KqlFunction>({
    {"array_concat",
     "(array: array dynamic, arrays: array dynamic...63) -> dynamic",
     {"", &call_with_json<kConcat>},
     "The arrays end to end."},
    {"array_iff",
     "(condition: array dynamic, if_true: any, if_false: any) -> dynamic",
     {"", &with_json<kIff, 1, 2>},
     kIffSummary},
    {"array_iif",
     "(condition: array dynamic, if_true: any, if_false: any) -> dynamic",
     {"", &with_json<kIff, 1, 2>},
     kIffSummary},
    {"array_index_of",
     "(array: array dynamic, value: any, start: long = 0, length: long = -1, occurrence: const long = 1) -> long",
     {"", &with_json<kIndexOf, 1>},
     "Position of an occurrence of the value, or -1; null when there is no array."},
    {"array_length",
     "(array: array dynamic) -> long",
     {"wardian_array_length"},
     "How many elements; null when there is no array."},
    {"array_reverse", "(array: array dynamic) -> dynamic", {"wardian_array_reverse"}, "The elements from last to first."},
    {"array_rotate_left",
     "(array: array dynamic, count: long) -> dynamic",
     {"wardian_array_rotate_left"},
     "The first elements moved to the end."},
    {"array_rotate_right",
     "(array: array dynamic, count: long) -> dynamic",
     {"wardian_array_rotate_right"},
     "The last elements moved to the beginning."},
    {"array_shift_left", "(array: array dynamic, count: long) -> dynamic", {"", &shift_left_with_null}, kShift},
    {"array_shift_left",
     "(array: array dynamic, count: long, default_value: any) -> dynamic",
     {"", &with_json<kShiftLeft, 2>},
     kShift},
    {"array_shift_right", "(array: array dynamic, count: long) -> dynamic", {"", &shift_right_with_null}, kShift},
    {"array_shift_right",
     "(array: array dynamic, count: long, default_value: any) -> dynamic",
     {"", &with_json<kShiftRight, 2>},
     kShift},
    {"array_slice",
     "(array: array dynamic, start: long, end: long) -> dynamic",
     {"wardian_array_slice"},
     "The elements from start to end, both included; below zero counted from the end."},
    {"array_sort_asc", "(array: dynamic, more: any...) -> dynamic", {"", &sorted_up}, kSort},
    {"array_sort_desc", "(array: dynamic, more: any...) -> dynamic", {"", &sorted_down}, kSort},
    {"array_split",
     "(array: dynamic, positions: any) -> dynamic",
     {"", &with_json<kSplit, 1>},
     "An array of the parts that begin at the positions."},
    {"array_sum", "(array: array dynamic) -> real", {"wardian_array_sum"}, "Sum of the numbers; null when there are others."},
    {"arraylength",
     "(array: array dynamic) -> long",
     {"wardian_array_length"},
     "How many elements; null when there is no array."},
    {"jaccard_index",
     "(first: array dynamic, second: array dynamic) -> dynamic",
     {"", &jaccard_index},
     "Size of the common set by that of the joint one."},
    {"pack_array", "(value: any, values: any...) -> dynamic", {"", &call_with_json<kPack>}, "An array of the values."},
    {"range", "(start: long, stop: long) -> dynamic", {"", &range<kLongs, 1>}, kRange},
    {"range", "(start: long, stop: long, step: long) -> dynamic", {"", &range<kLongs, 1>}, kRange},
    {"range", "(start: real, stop: real) -> dynamic", {"", &range<kReals, 1>}, kRange},
    {"range", "(start: real, stop: real, step: real) -> dynamic", {"", &range<kReals, 1>}, kRange},
    {"range", "(start: datetime, stop: datetime) -> dynamic", {"", &range<kDatetimes, kHour>}, kRange},
    {"range", "(start: datetime, stop: datetime, step: timespan) -> dynamic", {"", &range<kDatetimes, kHour>}, kRange},
    {"range", "(start: timespan, stop: timespan) -> dynamic", {"", &range<kTimespans, kHour>}, kRange},
    {"range", "(start: timespan, stop: timespan, step: timespan) -> dynamic", {"", &range<kTimespans, kHour>}, kRange},
    {"range",
     "(start: summable, stop: summable, step: summable = 1) -> dynamic",
     {"", &range_of_kinds},
     "The same of numbers of several kinds, as reals where one is no whole number; null of kinds that do not go together."},
    {"repeat", "(value: any, count: long) -> dynamic", {"", &with_json<kRepeat, 0>}, "An array of the value so many times."},
    {"set_difference",
     "(set: array dynamic, set2: array dynamic, sets: array dynamic...62) -> dynamic",
     {"", &call_with_json<kDifference>},
     "What is in the first array only."},
    {"set_equals",
     "(first: array dynamic, second: array dynamic) -> bool",
     {"", &set_equals},
     "Whether both arrays hold the same values."},
    {"set_has_element",
     "(set: array dynamic, value: any) -> bool",
     {"", &with_json<kHas, 1>},
     "Whether the array holds the value."},
    {"set_intersect",
     "(set: array dynamic, set2: array dynamic, sets: array dynamic...62) -> dynamic",
     {"", &call_with_json<kIntersect>},
     "What is in all arrays."},
    {"set_union",
     "(set: array dynamic, set2: array dynamic, sets: array dynamic...62) -> dynamic",
     {"", &call_with_json<kUnion>},
     "What is in any array."},
    {"zip",
     "(array: array dynamic, array2: array dynamic, arrays: array dynamic...62) -> dynamic",
     {"wardian_zip"},
     "An array of the arrays' elements at each place, padded with null."},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &KqlFunction::name));

}  // namespace

std::span<const KqlFunction> array_functions() { return kFunctions; }

}  // namespace wardian::kql
