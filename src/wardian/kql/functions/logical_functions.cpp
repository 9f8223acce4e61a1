#include <algorithm>
#include <array>

#include "wardian/kql/functions/function_families.h"
#include "wardian/kql/functions/value_forms.h"

namespace wardian::kql {
namespace {

sql::ExprPtr not_(const CallSite& site) { return sql::logical_not(site.arguments[0]); }

/// Strings are never null.
sql::ExprPtr is_null(const CallSite& site) {
  return site.type(0) == Type::string ? sql::boolean(false) : sql::is_null(site.arguments[0]);
}
sql::ExprPtr is_not_null(const CallSite& site) {
  return site.type(0) == Type::string ? sql::boolean(true) : sql::is_not_null(site.arguments[0]);
}
sql::ExprPtr is_empty(const CallSite& site) {
  if (site.type(0) != Type::string && site.type(0) != Type::dynamic) return sql::is_null(site.arguments[0]);
  return sql::binary("=", text_argument(site, 0), sql::string(""));
}
sql::ExprPtr is_not_empty(const CallSite& site) {
  if (site.type(0) != Type::string && site.type(0) != Type::dynamic) return sql::is_not_null(site.arguments[0]);
  return sql::binary("<>", text_argument(site, 0), sql::string(""));
}

/// Of strings the first that is not empty.
sql::ExprPtr coalesce(const CallSite& site) {
  std::vector<sql::ExprPtr> values(site.arguments.begin(), site.arguments.end());
  if (site.result == Type::string) {
    for (sql::ExprPtr& value : values) value = sql::call("nullif", {value, sql::string("")});
    values.push_back(sql::string(""));
  }
  return sql::call("coalesce", std::move(values));
}

sql::ExprPtr around(const CallSite& site) {
  const sql::ExprPtr& value = site.arguments[0];
  const sql::ExprPtr& center = site.arguments[1];
  const sql::ExprPtr& delta = site.arguments[2];
  return sql::binary("AND", sql::binary(">=", value, sql::binary("-", center, delta)),
                     sql::binary("<=", value, sql::binary("+", center, delta)));
}

/// Bytes by type; of texts and dynamic values their own.
sql::ExprPtr data_size(const CallSite& site) {
  std::int64_t fixed = 0;
  sql::ExprPtr size;
  for (std::size_t at = 0; at < site.arguments.size(); ++at) {
    switch (site.type(at)) {
      case Type::boolean: fixed += 1; continue;
      case Type::int32: fixed += 4; continue;
      case Type::int64:
      case Type::real:
      case Type::datetime:
      case Type::timespan: fixed += 8; continue;
      case Type::decimal:
      case Type::guid: fixed += 16; continue;
      case Type::string:
      case Type::dynamic: break;
    }
    sql::ExprPtr bytes = site.type(at) == Type::dynamic
                             ? sql::call("wardian_dynamic_size", {site.arguments[at]})
                             : sql::call("coalesce", {sql::call("strlen", {site.arguments[at]}), sql::integer(0)});
    size = size ? sql::binary("+", std::move(size), std::move(bytes)) : std::move(bytes);
  }
  sql::ExprPtr known = sql::cast(sql::integer(fixed), "BIGINT");
  return size ? sql::binary("+", std::move(size), std::move(known)) : known;
}

constexpr auto kFunctions = std::to_array<KqlFunction>({
    {"around", "(value: S, center: S, delta: S) -> bool", {"", &around}, "Whether the value lies within delta of the center."},
    {"around",
     "(value: datetime, center: datetime, delta: timespan) -> bool",
     {"", &around},
     "Whether the value lies within delta of the center."},
    {"around",
     "(value: any, center: any, delta: any) -> bool",
     {"", [](const CallSite&) { return sql::cast(sql::null(), "BOOLEAN"); }},
     "The same of values that have no such order: null."},
    {"coalesce",
     "(value: T, value2: T, values: T...62) -> T",
     {"", &coalesce},
     "The first value that is not null; of strings, not empty."},
    {"estimate_data_size",
     "(value: column any, values: column any...) -> long",
     {"", &data_size},
     "Bytes that the values take, roughly."},
    {"isempty", "(value: any) -> bool", {"", &is_empty}, "Whether the value is null or the empty string."},
    {"isnotempty", "(value: any) -> bool", {"", &is_not_empty}, "Whether the value is neither null nor the empty string."},
    {"isnotnull", "(value: any) -> bool", {"", &is_not_null}, "Whether there is a value; strings are never null."},
    {"isnull", "(value: any) -> bool", {"", &is_null}, "Whether there is no value; strings are never null."},
    {"max_of", "(value: O, value2: O, values: O...62) -> O", {"greatest"}, "The greatest; nulls are passed over."},
    {"min_of", "(value: O, value2: O, values: O...62) -> O", {"least"}, "The least; nulls are passed over."},
    {"not", "(value: bool) -> bool", {"", &not_}, "The opposite; null of null."},
    {"notempty", "(value: any) -> bool", {"", &is_not_empty}, "Whether the value is neither null nor the empty string."},
    {"notnull", "(value: any) -> bool", {"", &is_not_null}, "Whether there is a value; strings are never null."},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &KqlFunction::name));

}  // namespace

std::span<const KqlFunction> logical_functions() { return kFunctions; }

}  // namespace wardian::kql
