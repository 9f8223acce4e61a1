#include "wardian/catalog/text_column.h"

#include <algorithm>
#include <array>

#include "wardian/catalog/storage_type.h"
#include "wardian/sqltree/build.h"

namespace wardian::catalog {

namespace sql = wardian::sqltree;
using columnar::Type;
using sql::ExprPtr;

namespace {

/// What programs write for "no value" in a column of numbers or times. The last two are a real like any other.
constexpr std::array<const char*, 6> kMissingMarks = {"NA", "N/A", "NULL", "null", "NaN", "nan"};

/// The text with its marks as null.
ExprPtr without_marks(const ExprPtr& text, Type type) {
  sql::InList marked{text, {}, false};
  const std::size_t count = type == Type::real ? kMissingMarks.size() - 2 : kMissingMarks.size();
  for (std::size_t i = 0; i < count; ++i) marked.items.push_back(sql::string(kMissingMarks[i]));
  marked.items.push_back(sql::string(""));
  return sql::if_else(sql::make(std::move(marked)), sql::null(), text);
}

ExprPtr datetime_of(const TextColumn& column, const ExprPtr& text) {
  std::vector<ExprPtr> readings = {sql::call("wardian_text_to_datetime", {text})};
  for (const std::string& format : {column.timestamp_format, column.date_format}) {
    if (format.empty()) continue;
    const ExprPtr read = sql::call("try_strptime", {text, sql::string(format)});
    // The engine's microseconds since 1970 as our ticks since the year 1.
    constexpr std::int64_t kTicksAtUnixEpoch = 621'355'968'000'000'000;
    readings.push_back(
        sql::binary("+", sql::binary("*", sql::call("epoch_us", {read}), sql::integer(10)), sql::integer(kTicksAtUnixEpoch)));
  }
  // A file that has its own form of dates means that one: 01/02/2020 is a date in many.
  if (readings.size() > 1) std::rotate(readings.begin(), readings.begin() + 1, readings.end());
  return readings.size() == 1 ? readings.front() : sql::call("coalesce", std::move(readings));
}

/// Of a text that is there and no mark.
ExprPtr exact_value(const TextColumn& column, const ExprPtr& text, Type type) {
  switch (type) {
    case Type::boolean: return sql::try_cast(text, "BOOLEAN");
    case Type::int32: return sql::try_cast(sql::call("wardian_text_to_exact_long", {text}), "INTEGER");
    case Type::int64: return sql::call("wardian_text_to_exact_long", {text});
    case Type::real: return sql::call("wardian_text_to_real", {text});
    case Type::decimal: return sql::try_cast(text, std::string(storage_type(Type::decimal)));
    case Type::datetime: return datetime_of(column, text);
    case Type::timespan: return sql::call("wardian_text_to_timespan", {text});
    case Type::guid: return sql::try_cast(text, "UUID");
    case Type::dynamic: return sql::call("wardian_parse_json", {text});
    case Type::string: break;
  }
  return text;
}

}  // namespace

ExprPtr value_of_text(const TextColumn& column, Type type) {
  if (type == Type::string) return sql::call("coalesce", {column.text, sql::string("")});
  if (type == Type::dynamic) return exact_value(column, column.text, type);
  return exact_value(column, without_marks(column.text, type), type);
}

ExprPtr value_or_complaint(const TextColumn& column, Type type, const std::string& complaint) {
  ExprPtr value = value_of_text(column, type);
  if (type == Type::string || type == Type::dynamic) return value;
  const ExprPtr message = sql::binary("||", sql::string(complaint), column.text);
  const ExprPtr refused = sql::cast(sql::call("error", {message}), std::string(storage_type(type)));
  // coalesce looks at its second argument only for rows without a value.
  return sql::call("coalesce",
                   {std::move(value), sql::if_else(sql::is_null(without_marks(column.text, type)), sql::null(), refused)});
}

ExprPtr all_stand_for(const TextColumn& column, Type type) {
  const ExprPtr there = without_marks(column.text, type);
  ExprPtr stands = sql::is_not_null(exact_value(column, there, type));
  if (type == Type::int64) stands = sql::call("wardian_text_is_plain_long", {there});
  // "t" and "1" are truth values to the engine, and may be anything else in a file.
  if (type == Type::boolean)
    stands = sql::make(sql::InList{sql::call("lower", {there}), {sql::string("true"), sql::string("false")}, false});
  const auto looks_like = [&](const char* pattern) {
    stands = sql::binary("AND", sql::call("regexp_matches", {there, sql::string(pattern)}), std::move(stands));
  };
  if (type == Type::datetime && column.date_format.empty() && column.timestamp_format.empty()) looks_like(R"(^\s*\d{4}[-/]\d)");
  if (type == Type::timespan) looks_like(R"(\d:\d)");
  if (type == Type::real) looks_like(R"(^\s*[-+]?(\D|0?\D|[1-9]|0$))");
  return sql::call("bool_and", {sql::if_else(sql::is_null(there), sql::null(), std::move(stands))});
}

}  // namespace wardian::catalog
