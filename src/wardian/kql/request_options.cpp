#include "wardian/kql/request_options.h"

#include <algorithm>
#include <array>

#include "wardian/kql/request_properties.h"

namespace wardian::kql {
namespace {

using columnar::Type;
using columnar::Value;

/// How one property reads its value. False: the value is not of its type.
using Apply = bool (*)(RequestOptions& options, const Value& value);

bool rows(const Value& value, std::optional<std::int64_t>& limit) {
  const auto* held = std::get_if<std::int64_t>(&value.held);
  if (held == nullptr || !columnar::is_numeric(value.type) || *held < 0) return false;
  // Of several settings the lowest holds.
  limit = std::min(limit.value_or(*held), *held);
  return true;
}

bool truth(const Value& value, bool& flag) {
  const auto* held = std::get_if<bool>(&value.held);
  if (held != nullptr) flag = *held;
  return held != nullptr;
}

/// true is the first Python call of the query, a number that one.
bool python_call(const Value& value, std::optional<std::int64_t>& call) {
  if (const auto* wanted = std::get_if<bool>(&value.held)) {
    call = *wanted ? std::optional<std::int64_t>(1) : std::nullopt;
    return true;
  }
  const auto* number = std::get_if<std::int64_t>(&value.held);
  if (number == nullptr || !columnar::is_numeric(value.type) || *number < 1) return false;
  call = *number;
  return true;
}

bool same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool has_size(Type type) { return columnar::is_numeric(type) || type == Type::timespan; }

struct Property {
  std::string_view name;
  std::string_view type;
  Apply apply = nullptr;  // null: it would change the answer, and is refused
};

bool dtypes(RequestOptions& options, const Value& value) {
  const auto* held = std::get_if<std::string>(&value.held);
  if (held == nullptr || value.type != Type::string || !is_python_dtypes(*held)) return false;
  options.python_dtypes = *held;
  return true;
}

constexpr auto kProperties = std::to_array<Property>({
    {"python_image", "string",
     [](RequestOptions& options, const Value& value) {
       const auto* held = std::get_if<std::string>(&value.held);
       if (held == nullptr || value.type != Type::string || held->empty()) return false;
       options.python_image = *held;
       return true;
     }},
    {"python_keep_blobs", "bool",
     [](RequestOptions& options, const Value& value) { return truth(value, options.python_keep_blobs); }},
    {"python_dtypes", "string: default, arrow, nullable or classic", &dtypes},
    {"query_bin_auto_at", "number, datetime or timespan",
     [](RequestOptions& options, const Value& value) {
       if (value.is_null() || (!has_size(value.type) && value.type != Type::datetime)) return false;
       options.bin_auto_at = value;
       return true;
     }},
    {"query_bin_auto_size", "number or timespan",
     [](RequestOptions& options, const Value& value) {
       if (value.is_null() || !has_size(value.type)) return false;
       options.bin_auto_size = value;
       return true;
     }},
    {"query_datetimescope_column", "string"},
    {"query_datetimescope_from", "datetime"},
    {"query_datetimescope_to", "datetime"},
    {"query_now", "datetime",
     [](RequestOptions& options, const Value& value) {
       const auto* held = std::get_if<std::int64_t>(&value.held);
       if (held == nullptr || value.type != Type::datetime) return false;
       options.now_ticks = *held;
       return true;
     }},
    {"query_python_debug", "bool, or the number of a Python call from 1",
     [](RequestOptions& options, const Value& value) { return python_call(value, options.python_debug); }},
    {"query_results_apply_getschema", "bool"},
    {"query_take_max_records", "long",
     [](RequestOptions& options, const Value& value) { return rows(value, options.take_max_records); }},
    {"request_external_data_disabled", "bool",
     [](RequestOptions& options, const Value& value) { return truth(value, options.external_data_disabled); }},
    {"request_sandboxed_execution_disabled", "bool",
     [](RequestOptions& options, const Value& value) { return truth(value, options.python_disabled); }},
    {"truncationmaxrecords", "long",
     [](RequestOptions& options, const Value& value) { return rows(value, options.truncation_max_records); }},
});

}  // namespace

bool is_python_dtypes(std::string_view name) {
  static constexpr std::string_view kNames[] = {"default", "arrow", "nullable", "classic"};
  return std::ranges::find(kNames, name) != std::end(kNames);
}

std::vector<RequestProperty> request_properties() {
  std::vector<RequestProperty> made;
  for (const Property& property : kProperties)
    if (property.apply != nullptr) made.push_back({property.name, property.type});
  return made;
}

Status set_option(RequestOptions& options, std::string_view name, const Value& value, SourceSpan span) {
  const auto property = std::ranges::find_if(kProperties, [&](const Property& each) { return same_word(each.name, name); });
  if (property == kProperties.end()) return {};
  if (property->apply == nullptr)
    return Error{ErrorCode::not_supported, "Not supported by this version: set " + std::string(property->name), span, {}};
  if (property->apply(options, value)) return {};
  return Error{
      ErrorCode::bad_argument, "set " + std::string(property->name) + " needs a " + std::string(property->type), span, {}};
}

}  // namespace wardian::kql
