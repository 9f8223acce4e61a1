#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wardian::columnar {

/// The one type list that every language maps to, by KQL's names. How each lies in SQL, at the border and in pandas: the table of
/// docs/architecture.md.
enum class Type : std::uint8_t {
  boolean,
  int32,
  int64,
  real,
  decimal,
  string,    // never null: empty instead
  datetime,  // int64 ticks of 100 ns since 0001-01-01T00:00:00, proleptic Gregorian, UTC
  timespan,  // int64 ticks of 100 ns
  dynamic,   // JSON text
  guid,
};

/// "bool", "int", "long", ... as KQL prints them.
std::string_view type_name(Type type);

/// Accepts KQL's aliases as well ("double", "date", "time", "boolean", "uniqueid", ...); case matters.
std::optional<Type> type_from_name(std::string_view name);

/// All decimals have these digits, and of them these after the point: docs/decisions/0003.
inline constexpr int kDecimalWidth = 38, kDecimalScale = 17;

constexpr bool is_integer(Type type) { return type == Type::int32 || type == Type::int64; }
constexpr bool is_numeric(Type type) { return is_integer(type) || type == Type::real || type == Type::decimal; }

struct Column {
  std::string name;
  Type type = Type::dynamic;

  friend bool operator==(const Column&, const Column&) = default;
};

using Schema = std::vector<Column>;

/// Position of the column of that exact name (names are case-sensitive).
std::optional<std::size_t> find_column(const Schema& schema, std::string_view name);

}  // namespace wardian::columnar
