#include "wardian/kql/constant_json.h"

#include <simdjson.h>

namespace wardian::kql {
namespace {

using columnar::Type;
using columnar::Value;

Value value_of(const simdjson::dom::element& element) {
  using simdjson::dom::element_type;
  switch (element.type()) {
    case element_type::STRING: return {Type::string, std::string(std::string_view(element))};
    case element_type::INT64: return {Type::int64, std::int64_t(element)};
    case element_type::DOUBLE: return {Type::real, double(element)};
    case element_type::BOOL: return {Type::boolean, bool(element)};
    case element_type::NULL_VALUE: return columnar::null_of(Type::dynamic);
    default: return {Type::dynamic, std::string(simdjson::minify(element))};
  }
}

}  // namespace

std::optional<std::vector<Value>> array_elements(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::array array;
  if (parser.parse(json.data(), json.size(), true).get(array) != simdjson::SUCCESS) return std::nullopt;
  std::vector<Value> made;
  for (const simdjson::dom::element element : array) made.push_back(value_of(element));
  return made;
}

std::optional<std::vector<std::pair<std::string, Value>>> object_members(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(json.data(), json.size(), true).get(object) != simdjson::SUCCESS) return std::nullopt;
  std::vector<std::pair<std::string, Value>> made;
  for (const auto& [key, element] : object) made.emplace_back(std::string(key), value_of(element));
  return made;
}

std::string json_quoted(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string made = "\"";
  for (const char c : text) {
    switch (c) {
      case '"': made += "\\\""; break;
      case '\\': made += "\\\\"; break;
      case '\n': made += "\\n"; break;
      case '\r': made += "\\r"; break;
      case '\t': made += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          made += "\\u00";
          made += kHex[static_cast<unsigned char>(c) >> 4];
          made += kHex[c & 15];
        } else {
          made += c;
        }
    }
  }
  return made + '"';
}

}  // namespace wardian::kql
