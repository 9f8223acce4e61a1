#include <algorithm>
#include <array>

#include "wardian/kql/functions/function_families.h"
#include "wardian/kql/functions/value_forms.h"
#include "wardian/plan/lower.h"

namespace wardian::kql {
namespace {

sql::ExprPtr as_result(const CallSite& site, sql::ExprPtr value) {
  return sql::cast(std::move(value), std::string(sql::column_type(site.result)));
}

/// value - (value mod size): plain arithmetic, which the engine does fastest, for a constant size above zero.
sql::ExprPtr bin_integer(const CallSite& site) {
  const sql::ExprPtr& value = site.arguments[0];
  const sql::ExprPtr& size = site.arguments[1];
  const columnar::Value* constant = site.constant(1);
  const auto* whole = constant == nullptr ? nullptr : std::get_if<std::int64_t>(&constant->held);
  constexpr std::int64_t kFar = std::int64_t{1} << 60;
  if (whole != nullptr && *whole > 0 && *whole < kFar) {
    sql::ExprPtr rest = sql::binary("%", value, size);
    // Datetimes have no negative ticks.
    if (site.result != Type::datetime) rest = sql::binary("%", sql::binary("+", std::move(rest), size), size);
    // The engine's operator would end the query just above the least long.
    if (site.result == Type::int64) return sql::call("wardian_subtract_wrapping", {value, std::move(rest)});
    return sql::binary("-", value, std::move(rest));
  }
  return as_result(site, sql::call("wardian_bin_long", {value, size, sql::integer(0)}));
}

sql::ExprPtr bin_real(const CallSite& site) {
  return sql::call("wardian_bin_real", {site.arguments[0], site.arguments[1], sql::real(0)});
}
sql::ExprPtr bin_decimal(const CallSite& site) {
  return sql::call("wardian_bin_decimal", {site.arguments[0], site.arguments[1], as_result(site, sql::integer(0))});
}

sql::ExprPtr bin_at_integer(const CallSite& site) {
  return as_result(site, sql::call("wardian_bin_long", {site.arguments[0], site.arguments[1], site.arguments[2]}));
}

sql::ExprPtr ceiling(const CallSite& site) {
  if (columnar::is_integer(site.result)) return site.arguments[0];
  return as_result(site, sql::call("ceil", {site.arguments[0]}));
}

sql::ExprPtr round(const CallSite& site) {
  if (site.result == Type::decimal) {
    const columnar::Value* places = site.constant(1);
    const auto* count = places == nullptr ? nullptr : std::get_if<std::int64_t>(&places->held);
    // The engine wants to know the places of a decimal when it binds.
    return as_result(site, sql::call("round", {site.arguments[0], sql::integer(count == nullptr ? 0 : *count)}));
  }
  sql::ExprPtr rounded = sql::call("wardian_round", {sql::cast(site.arguments[0], "DOUBLE"), site.arguments[1]});
  return columnar::is_integer(site.result) ? as_result(site, std::move(rounded)) : rounded;
}

sql::ExprPtr no_bin(const CallSite& site) { return as_result(site, sql::null()); }

constexpr char kBin[] = "The greatest multiple of the size that is not above the value; null for a size that is not above zero.";
constexpr char kNoBin[] = "The same with a size of another kind: null.";
constexpr char kBinAt[] = "The same, counted from a fixed point.";

constexpr auto kFunctions = std::to_array<KqlFunction>({
    {"bin", "(value: long, roundTo: long) -> long", {"", &bin_integer}, kBin},
    {"bin", "(value: real, roundTo: real) -> real", {"", &bin_real}, kBin},
    {"bin", "(value: decimal, roundTo: decimal) -> decimal", {"", &bin_decimal}, kBin},
    {"bin", "(value: timespan, roundTo: timespan) -> timespan", {"", &bin_integer}, kBin},
    {"bin", "(value: datetime, roundTo: timespan) -> datetime", {"", &bin_integer}, kBin},
    {"bin", "(value: datetime, roundTo: long) -> datetime", {"", &bin_integer}, kBin},
    {"bin", "(value: datetime, roundTo: datetime) -> datetime", {"", &no_bin}, kNoBin},
    {"bin_at", "(value: long, size: long, fixed: long) -> long", {"", &bin_at_integer}, kBinAt},
    {"bin_at", "(value: real, size: real, fixed: real) -> real", {"wardian_bin_real"}, kBinAt},
    {"bin_at", "(value: decimal, size: decimal, fixed: decimal) -> decimal", {"wardian_bin_decimal"}, kBinAt},
    {"bin_at", "(value: timespan, size: timespan, fixed: timespan) -> timespan", {"", &bin_at_integer}, kBinAt},
    {"bin_at", "(value: datetime, size: timespan, fixed: datetime) -> datetime", {"", &bin_at_integer}, kBinAt},
    {"bin_at", "(value: timespan, size: number, fixed: timespan) -> timespan", {"", &no_bin}, kNoBin},
    {"bin_at", "(value: datetime, size: summable, fixed: datetime) -> datetime", {"", &no_bin}, kNoBin},
    {"ceiling", "(value: N) -> N", {"", &ceiling}, "The least whole number that is not below the value."},
    {"floor", "(value: long, roundTo: long) -> long", {"", &bin_integer}, kBin},
    {"floor", "(value: real, roundTo: real) -> real", {"", &bin_real}, kBin},
    {"floor", "(value: decimal, roundTo: decimal) -> decimal", {"", &bin_decimal}, kBin},
    {"floor", "(value: timespan, roundTo: timespan) -> timespan", {"", &bin_integer}, kBin},
    {"floor", "(value: datetime, roundTo: timespan) -> datetime", {"", &bin_integer}, kBin},
    {"floor", "(value: datetime, roundTo: datetime) -> datetime", {"", &no_bin}, kNoBin},
    {"round",
     "(value: N, precision: const long = 0) -> N",
     {"", &round},
     "The value rounded to decimal places, halves away from zero; tens, hundreds, … for negative places."},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &KqlFunction::name));

}  // namespace

std::span<const KqlFunction> rounding_functions() { return kFunctions; }

}  // namespace wardian::kql
