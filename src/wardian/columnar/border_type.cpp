#include "wardian/columnar/border_type.h"

namespace wardian::columnar {

BorderType border_type_of(Type type, std::uint8_t decimal_scale) {
  switch (type) {
    case Type::boolean: return {.layout = Layout::bits};
    case Type::int32: return {.layout = Layout::int32};
    case Type::int64: return {.layout = Layout::int64};
    case Type::real: return {.layout = Layout::float64};
    case Type::decimal: return {.layout = Layout::decimal128, .precision = 38, .scale = decimal_scale};
    case Type::datetime: return {.layout = Layout::timestamp};
    case Type::timespan: return {.layout = Layout::duration};
    case Type::string:
    case Type::dynamic:
    case Type::guid: return {.layout = Layout::large_utf8};
  }
  return {};
}

bool may_enter_as(const BorderType& border, Type type) {
  switch (type) {
    case Type::boolean: return border.layout == Layout::bits;
    case Type::int32: return border.layout == Layout::int32;
    case Type::int64: return border.layout == Layout::int64;
    case Type::real: return border.layout == Layout::float64;
    case Type::decimal: return border.layout == Layout::decimal128;
    case Type::datetime: return border.layout == Layout::timestamp || border.layout == Layout::int64;
    case Type::timespan: return border.layout == Layout::duration || border.layout == Layout::int64;
    case Type::string:
    case Type::dynamic:
    case Type::guid: return is_text(border.layout);
  }
  return false;
}

std::string border_type_name(const BorderType& type) {
  static constexpr std::string_view kUnits[] = {"s", "ms", "us", "ns"};
  const std::string unit(kUnits[static_cast<std::size_t>(type.unit)]);
  switch (type.layout) {
    case Layout::bits: return "bool";
    case Layout::int32: return "int32";
    case Layout::int64: return "int64";
    case Layout::float64: return "double";
    case Layout::decimal128: return "decimal128(" + std::to_string(type.precision) + ", " + std::to_string(type.scale) + ")";
    case Layout::utf8: return "string";
    case Layout::large_utf8: return "large_string";
    case Layout::timestamp: return "timestamp[" + unit + "]";
    case Layout::duration: return "duration[" + unit + "]";
  }
  return "unknown";
}

std::size_t fixed_width_bytes(Layout layout) {
  switch (layout) {
    case Layout::int32: return 4;
    case Layout::int64:
    case Layout::float64:
    case Layout::timestamp:
    case Layout::duration: return 8;
    case Layout::decimal128: return 16;
    case Layout::bits:
    case Layout::utf8:
    case Layout::large_utf8: return 0;
  }
  return 0;
}

}  // namespace wardian::columnar
