#include "wardian/columnar/type.h"

#include <utility>

namespace wardian::columnar {
namespace {

// The first spelling of a type is the one printed.
constexpr std::pair<std::string_view, Type> kTypeNames[] = {
    {"bool", Type::boolean},      {"boolean", Type::boolean}, {"int", Type::int32},         {"int32", Type::int32},
    {"long", Type::int64},        {"int64", Type::int64},     {"real", Type::real},         {"double", Type::real},
    {"decimal", Type::decimal},   {"string", Type::string},   {"datetime", Type::datetime}, {"date", Type::datetime},
    {"timespan", Type::timespan}, {"time", Type::timespan},   {"dynamic", Type::dynamic},   {"guid", Type::guid},
    {"uuid", Type::guid},         {"uniqueid", Type::guid},
};

}  // namespace

std::string_view type_name(Type type) {
  for (const auto& [name, named] : kTypeNames) {
    if (named == type) return name;
  }
  return "dynamic";
}

std::optional<Type> type_from_name(std::string_view name) {
  for (const auto& [spelling, type] : kTypeNames) {
    if (spelling == name) return type;
  }
  return std::nullopt;
}

std::optional<std::size_t> find_column(const Schema& schema, std::string_view name) {
  for (std::size_t at = 0; at < schema.size(); ++at) {
    if (schema[at].name == name) return at;
  }
  return std::nullopt;
}

}  // namespace wardian::columnar
