#include "wardian/catalog/text_column.h"

#include <algorithm>
#include <array>

#include "wardian/sqltree/build.h"
#include "wardian/sqltree/column_type.h"

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

/// Of a text that is there and no mark.
ExprPtr exact_value(const ExprPtr& text, Type type) {
  switch (type) {
    case Type::boolean: return sql::try_cast(text, "BOOLEAN");
    case Type::int32: return sql::try_cast(sql::call("wardian_text_to_exact_long", {text}), "INTEGER");
    case Type::int64: return sql::call("wardian_text_to_exact_long", {text});
    case Type::real: return sql::call("wardian_text_to_real", {text});
    case Type::decimal:
      // The cast rounds; digits behind the 17th may be zeros only.
      return sql::if_else(sql::call("regexp_matches", {text, sql::string(R"(\.\d{17}\d*[1-9])")}), sql::null(),
                          sql::try_cast(text, std::string(sqltree::column_type(Type::decimal))));
    case Type::datetime: return sql::call("wardian_text_to_datetime", {text});
    case Type::timespan: return sql::call("wardian_text_to_timespan", {text});
    case Type::guid: return sql::try_cast(text, "UUID");
    case Type::dynamic: return sql::call("wardian_parse_json", {text});
    case Type::string: break;
  }
  return text;
}

}  // namespace

ExprPtr value_of_text(const ExprPtr& text, Type type) {
  if (type == Type::string) return sql::call("coalesce", {text, sql::string("")});
  if (type == Type::dynamic) return exact_value(text, type);
  return exact_value(without_marks(text, type), type);
}

ExprPtr value_or_complaint(const ExprPtr& text, Type type, const std::string& complaint) {
  ExprPtr value = value_of_text(text, type);
  if (type == Type::string || type == Type::dynamic) return value;
  const ExprPtr message = sql::binary("||", sql::string(complaint), text);
  const ExprPtr refused = sql::cast(sql::call("error", {message}), std::string(sqltree::column_type(type)));
  // coalesce looks at its second argument only for rows without a value.
  return sql::call("coalesce", {std::move(value), sql::if_else(sql::is_null(without_marks(text, type)), sql::null(), refused)});
}

ExprPtr all_stand_for(const ExprPtr& text, Type type) {
  const ExprPtr there = without_marks(text, type);
  ExprPtr stands = sql::is_not_null(exact_value(there, type));
  if (type == Type::decimal) {
    // What the cast takes, told without it: it costs microseconds for each text. Only with an exponent it is asked.
    const auto matches = [&](const char* pattern) { return sql::call("regexp_matches", {there, sql::string(pattern)}); };
    stands = sql::if_else(matches(R"(^\s*[-+]?0*(\d{1,21}(\.\d{0,17}0*)?|\.\d{1,17}0*)\s*$)"), sql::boolean(true),
                          sql::if_else(matches(R"(\d[eE][-+]?\d)"), std::move(stands), sql::boolean(false)));
  }
  if (type == Type::int64) stands = sql::call("wardian_text_is_plain_long", {there});
  // "t" and "1" are truth values to the engine, and may be anything else in a file.
  if (type == Type::boolean)
    stands = sql::make(sql::InList{sql::call("lower", {there}), {sql::string("true"), sql::string("false")}, false});
  const auto looks_like = [&](const char* pattern) {
    stands = sql::binary("AND", sql::call("regexp_matches", {there, sql::string(pattern)}), std::move(stands));
  };
  if (type == Type::datetime) looks_like(R"(^\s*\d{4}[-/]\d)");
  if (type == Type::timespan) looks_like(R"(\d:\d)");
  if (type == Type::real || type == Type::decimal) looks_like(R"(^\s*[-+]?(\D|0?\D|[1-9]|0$))");
  // What a real rounds away of 3.14159265358979323846 is nobody's; the last digits of a long whole number are somebody's key.
  if (type == Type::real) {
    const ExprPtr is_long = sql::binary(">=", sql::call("length", {there}), sql::integer(16));
    const ExprPtr is_whole = sql::call("regexp_matches", {there, sql::string(R"(^\s*[-+]?\d{16,}\s*$)")});
    constexpr std::int64_t kExactMax = std::int64_t{1} << 53;
    const ExprPtr kept = sql::binary("<=", sql::call("abs", {sql::try_cast(there, "HUGEINT")}), sql::integer(kExactMax));
    const ExprPtr of_long = sql::if_else(is_whole, sql::call("coalesce", {kept, sql::boolean(false)}), sql::boolean(true));
    stands = sql::binary("AND", sql::if_else(is_long, of_long, sql::boolean(true)), std::move(stands));
  }
  return sql::call("bool_and", {sql::if_else(sql::is_null(there), sql::null(), std::move(stands))});
}

}  // namespace wardian::catalog
