#pragma once

#include <string>
#include <variant>

#include "wardian/columnar/type.h"

namespace wardian::columnar {

/// One scalar with its type. Null is std::monostate (a string is never null).
/// Held as: boolean bool; int32, int64, datetime and timespan std::int64_t (ticks for the last two);
/// real double; decimal, string, guid and dynamic std::string (decimal in plain notation, guid in lower case with
/// hyphens, dynamic as JSON text).
struct Value {
  Type type = Type::dynamic;
  std::variant<std::monostate, bool, std::int64_t, double, std::string> held;

  bool is_null() const { return held.index() == 0; }
  friend bool operator==(const Value&, const Value&) = default;
};

inline Value null_of(Type type) {
  if (type == Type::string) return {type, std::string()};
  return {type, std::monostate()};
}

}  // namespace wardian::columnar
