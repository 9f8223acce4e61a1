#include "wardian/catalog/foreign_column.h"

#include <array>

#include "wardian/catalog/text_column.h"
#include "wardian/sqltree/build.h"
#include "wardian/sqltree/column_type.h"

namespace wardian::catalog {

namespace sql = wardian::sqltree;
using columnar::Type;
using sql::ExprPtr;

namespace {

constexpr std::int64_t kTicksPerMicrosecond = 10;
constexpr std::int64_t kTicksAtUnixEpoch = 621'355'968'000'000'000;
constexpr std::int64_t kNanosecondsPerTick = 100;

/// What a foreign type's values have in common, whatever their width.
enum class Kind : std::uint8_t {
  boolean,
  small_integer,
  integer,
  wide_integer,
  real,
  decimal,
  text,
  binary,
  guid,
  date,
  timestamp,
  timestamp_ns,
  time,
  interval,
  json,
  nested,
  nothing,
  other,
};

constexpr auto kKinds = std::to_array<std::pair<std::string_view, Kind>>({
    {"BOOLEAN", Kind::boolean},
    {"TINYINT", Kind::small_integer},
    {"UTINYINT", Kind::small_integer},
    {"SMALLINT", Kind::small_integer},
    {"USMALLINT", Kind::small_integer},
    {"INTEGER", Kind::small_integer},
    {"UINTEGER", Kind::integer},
    {"BIGINT", Kind::integer},
    {"UBIGINT", Kind::wide_integer},
    {"HUGEINT", Kind::wide_integer},
    {"UHUGEINT", Kind::wide_integer},
    {"FLOAT", Kind::real},
    {"DOUBLE", Kind::real},
    {"VARCHAR", Kind::text},
    {"BLOB", Kind::binary},
    {"UUID", Kind::guid},
    {"DATE", Kind::date},
    {"TIMESTAMP", Kind::timestamp},
    {"TIMESTAMP_S", Kind::timestamp},
    {"TIMESTAMP_MS", Kind::timestamp},
    {"TIMESTAMP_NS", Kind::timestamp_ns},
    {"TIMESTAMP WITH TIME ZONE", Kind::timestamp},
    {"TIME", Kind::time},
    {"INTERVAL", Kind::interval},
    {"JSON", Kind::json},
    {"\"NULL\"", Kind::nothing},
    {"NULL", Kind::nothing},
});

Kind kind_of(std::string_view foreign) {
  // "STRUCT(…)", "MAP(…)", "UNION(…)", "INTEGER[]", "VARCHAR[3]"
  if (foreign.ends_with(']') || foreign.starts_with("STRUCT(") || foreign.starts_with("MAP(") || foreign.starts_with("UNION(") ||
      foreign == "VARIANT")
    return Kind::nested;
  if (foreign.starts_with("DECIMAL(")) return Kind::decimal;
  if (foreign.starts_with("ENUM(")) return Kind::text;
  for (const auto& [name, kind] : kKinds) {
    if (name == foreign) return kind;
  }
  return Kind::other;
}

ExprPtr ticks_from_microseconds(ExprPtr microseconds, std::int64_t offset_ticks) {
  ExprPtr ticks = sql::binary("*", std::move(microseconds), sql::integer(kTicksPerMicrosecond));
  return offset_ticks == 0 ? ticks : sql::binary("+", std::move(ticks), sql::integer(offset_ticks));
}

ExprPtr datetime_ticks(ExprPtr timestamp) {
  return ticks_from_microseconds(sql::call("epoch_us", {std::move(timestamp)}), kTicksAtUnixEpoch);
}

/// Rounds down, also before 1970.
ExprPtr datetime_ticks_from_ns(const ExprPtr& timestamp) {
  const ExprPtr nanoseconds = sql::call("epoch_ns", {timestamp});
  const ExprPtr in_tick = sql::binary(
      "%", sql::binary("+", sql::binary("%", nanoseconds, sql::integer(kNanosecondsPerTick)), sql::integer(kNanosecondsPerTick)),
      sql::integer(kNanosecondsPerTick));
  const ExprPtr ticks = sql::binary("//", sql::binary("-", nanoseconds, in_tick), sql::integer(kNanosecondsPerTick));
  return sql::binary("+", ticks, sql::integer(kTicksAtUnixEpoch));
}

ExprPtr never_null(ExprPtr text) { return sql::call("coalesce", {std::move(text), sql::string("")}); }

ExprPtr as(const ExprPtr& value, Type type) { return sql::cast(value, std::string(sqltree::column_type(type))); }

}  // namespace

ConvertedColumn convert_foreign(std::string_view foreign, const ExprPtr& value) {
  switch (kind_of(foreign)) {
    case Kind::boolean: return {Type::boolean, value};
    case Kind::small_integer: return {Type::int32, foreign == "INTEGER" ? value : as(value, Type::int32)};
    case Kind::integer: return {Type::int64, foreign == "BIGINT" ? value : as(value, Type::int64)};
    case Kind::wide_integer:
    case Kind::decimal: return {Type::decimal, as(value, Type::decimal)};
    case Kind::real: return {Type::real, foreign == "DOUBLE" ? value : as(value, Type::real)};
    case Kind::text: return {Type::string, never_null(as(value, Type::string))};
    case Kind::binary: return {Type::string, never_null(sql::call("to_base64", {value}))};
    case Kind::guid: return {Type::guid, value};
    case Kind::date:
    case Kind::timestamp:
      return {Type::datetime,
              datetime_ticks(foreign == "TIMESTAMP" || foreign == "TIMESTAMP WITH TIME ZONE" ? value
                                                                                             : sql::cast(value, "TIMESTAMP"))};
    case Kind::timestamp_ns: return {Type::datetime, datetime_ticks_from_ns(value)};
    case Kind::time:
    case Kind::interval: return {Type::timespan, ticks_from_microseconds(sql::call("epoch_us", {value}), 0)};
    case Kind::json: return {Type::dynamic, as(value, Type::dynamic)};
    case Kind::nested: return {Type::dynamic, as(sql::call("to_json", {value}), Type::dynamic)};
    case Kind::nothing: return {Type::dynamic, as(value, Type::dynamic)};
    case Kind::other: return {Type::string, never_null(as(value, Type::string))};
  }
  return {Type::string, never_null(as(value, Type::string))};
}

Result<ExprPtr> convert_declared(std::string_view foreign, const ExprPtr& value, Type declared, const std::string& complaint) {
  const ConvertedColumn natural = convert_foreign(foreign, value);
  const Kind kind = kind_of(foreign);
  if (natural.type == declared) return natural.expr;
  const Error no_way{ErrorCode::type_mismatch,
                     "A column of type " + std::string(foreign) + " cannot be read as " + std::string(type_name(declared)),
                     {},
                     {}};
  switch (declared) {
    case Type::string: return never_null(kind == Kind::binary ? natural.expr : as(value, Type::string));
    case Type::dynamic:
      // Text that is JSON already stays as it is; anything else becomes a JSON value.
      if (kind == Kind::text) return as(sql::cast(value, "JSON"), Type::dynamic);
      return as(sql::call("to_json", {value}), Type::dynamic);
    case Type::boolean:
    case Type::int32:
    case Type::int64:
    case Type::real:
    case Type::decimal: {
      if (kind == Kind::text) return value_or_complaint(value, declared, complaint);
      if (natural.type != Type::boolean && !columnar::is_numeric(natural.type)) return no_way;
      const bool whole = declared == Type::int32 || declared == Type::int64;
      if (!whole || (natural.type != Type::real && natural.type != Type::decimal)) return as(value, declared);
      const ExprPtr message = sql::binary("||", sql::string(complaint), sql::cast(value, "VARCHAR"));
      const ExprPtr refused = sql::cast(sql::call("error", {message}), std::string(sqltree::column_type(declared)));
      return sql::if_else(sql::binary("=", value, sql::call("trunc", {value})), as(value, declared),
                          sql::if_else(sql::is_null(value), sql::null(), refused));
    }
    case Type::datetime:
    case Type::timespan:
    case Type::guid:
      if (kind == Kind::text) return value_or_complaint(value, declared, complaint);
      return no_way;
  }
  return no_way;
}

}  // namespace wardian::catalog
