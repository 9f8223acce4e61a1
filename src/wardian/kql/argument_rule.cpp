#include "wardian/kql/argument_rule.h"

#include <algorithm>
#include <array>
#include <vector>

#include "wardian/base/similar_name.h"
#include "wardian/kernels/conversion.h"
#include "wardian/kernels/json_text.h"
#include "wardian/kernels/regex_dialect.h"

namespace wardian::kql {
namespace {

using columnar::Type;
using columnar::Value;
using Arguments = std::span<const plan::ExprPtr>;

const std::string* text_of(const Value& value) {
  return value.type == Type::string ? std::get_if<std::string>(&value.held) : nullptr;
}

std::string in_lower_case(std::string_view text) {
  std::string made(text);
  for (char& c : made) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return made;
}

/// The value is one of `names`, whatever its case; `also` are spellings that are taken but not told.
std::optional<Refusal> one_of(const Value& value, std::string_view what, std::span<const std::string_view> names,
                              std::span<const std::string_view> also = {}) {
  const std::string* text = text_of(value);
  if (text == nullptr) return std::nullopt;
  const std::string given = in_lower_case(*text);
  std::string all;
  for (const std::string_view name : names) {
    if (given == in_lower_case(name)) return std::nullopt;
    all += (all.empty() ? "" : name == names.back() ? " or " : ", ") + std::string(name);
  }
  if (std::ranges::find(also, given) != also.end()) return std::nullopt;
  const std::string meant = did_you_mean(given, names);
  return Refusal{"Unknown " + std::string(what) + ": " + *text, meant.empty() ? all : meant};
}

std::optional<Refusal> period(const Value& value, Arguments) {
  static constexpr auto kNames = std::to_array<std::string_view>(
      {"year", "quarter", "month", "week", "day", "hour", "minute", "second", "millisecond", "microsecond", "nanosecond"});
  return one_of(value, "period", kNames);
}

std::optional<Refusal> part(const Value& value, Arguments) {
  static constexpr auto kNames =
      std::to_array<std::string_view>({"year", "quarter", "month", "week_of_year", "day", "dayOfYear", "hour", "minute", "second",
                                       "millisecond", "microsecond", "nanosecond"});
  static constexpr auto kAlso = std::to_array<std::string_view>({"week", "weekofyear", "day_of_year"});
  return one_of(value, "part of a datetime", kNames, kAlso);
}

std::optional<Refusal> regex(const Value& value, Arguments) {
  const std::string* text = text_of(value);
  if (text == nullptr) return std::nullopt;
  const auto compiled = kernels::compile_regex(*text);
  if (compiled.ok()) return std::nullopt;
  return Refusal{compiled.error().message, compiled.error().hint};
}

std::optional<Refusal> search_kind(const Value& value, Arguments) {
  static constexpr auto kNames = std::to_array<std::string_view>({"normal", "regex"});
  return one_of(value, "kind of search", kNames);
}

/// countof(source, search, kind): a pattern when the kind says so.
std::optional<Refusal> search(const Value& value, Arguments arguments) {
  const auto* kind = arguments.size() > 2 ? std::get_if<plan::Constant>(&arguments[2]->node) : nullptr;
  const std::string* name = kind == nullptr ? nullptr : text_of(kind->value);
  return name != nullptr && in_lower_case(*name) == "regex" ? regex(value, arguments) : std::nullopt;
}

std::optional<Refusal> outside(double number, double least, double most, std::string_view what) {
  if (number >= least && number <= most) return std::nullopt;
  return Refusal{std::string(what) + " is " + std::to_string(static_cast<int>(least)) + " to " +
                 std::to_string(static_cast<int>(most))};
}

std::optional<Refusal> percentage(const Value& value, Arguments) {
  if (const auto* real = std::get_if<double>(&value.held)) return outside(*real, 0, 100, "A percentage");
  if (const auto* whole = std::get_if<std::int64_t>(&value.held)) {
    return outside(static_cast<double>(*whole), 0, 100, "A percentage");
  }
  return Refusal{"A number from 0 to 100 is needed here"};
}

std::optional<Refusal> percentages(const Value& value, Arguments arguments) {
  const auto* array = value.type == Type::dynamic ? std::get_if<std::string>(&value.held) : nullptr;
  if (array == nullptr || !array->starts_with('[')) return percentage(value, arguments);
  for (kernels::JsonWalk walk(*array); walk.next();) {
    const auto number = kernels::dynamic_to_real(walk.value());
    if (auto refused = outside(number.value_or(-1), 0, 100, "A percentage")) return refused;
  }
  return std::nullopt;
}

std::optional<Refusal> accuracy(const Value& value, Arguments) {
  const auto* whole = std::get_if<std::int64_t>(&value.held);
  return whole == nullptr ? std::nullopt : outside(static_cast<double>(*whole), 0, 4, "An accuracy");
}

std::optional<Refusal> outlier_test(const Value& value, Arguments) {
  static constexpr auto kNames = std::to_array<std::string_view>({"ctukey", "tukey"});
  return one_of(value, "test for outliers", kNames);
}

std::optional<Refusal> trend(const Value& value, Arguments) {
  static constexpr auto kNames = std::to_array<std::string_view>({"avg", "linefit", "none"});
  return one_of(value, "trend", kNames);
}

/// Dynamic values whose kind is known before the query runs.
std::optional<Refusal> json_of(const Value& value, kernels::JsonKind wanted, const char* message) {
  const auto* json = value.type == Type::dynamic ? std::get_if<std::string>(&value.held) : nullptr;
  if (json == nullptr || kernels::json_kind(*json) == wanted || kernels::json_kind(*json) == kernels::JsonKind::null) {
    return std::nullopt;
  }
  return Refusal{message};
}
std::optional<Refusal> array(const Value& value, Arguments) {
  return json_of(value, kernels::JsonKind::array, "An array is needed here");
}
std::optional<Refusal> bag(const Value& value, Arguments) {
  return json_of(value, kernels::JsonKind::object, "A bag is needed here");
}

std::optional<Refusal> filled(const Value& value, Arguments) {
  const std::string* text = text_of(value);
  if (text == nullptr || !text->empty()) return std::nullopt;
  return Refusal{"Text that is not empty is needed here"};
}

constexpr ArgumentRule kRules[] = {
    {"accuracy", &accuracy},
    {"array", &array},
    {"bag", &bag},
    {"filled", &filled},
    {"outlier_test", &outlier_test},
    {"part", &part},
    {"percentage", &percentage},
    {"percentages", &percentages},
    {"period", &period},
    {"regex", &regex},
    {"search", &search},
    {"search_kind", &search_kind},
    {"trend", &trend},
};

}  // namespace

const ArgumentRule* find_argument_rule(std::string_view word) {
  const auto* at = std::ranges::find(kRules, word, &ArgumentRule::word);
  return at == std::end(kRules) ? nullptr : at;
}

}  // namespace wardian::kql
