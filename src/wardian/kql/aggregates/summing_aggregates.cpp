#include <algorithm>
#include <array>
#include <limits>

#include "wardian/kql/aggregates/aggregate_call.h"
#include "wardian/kql/aggregates/aggregate_families.h"

namespace wardian::kql {
namespace {

/// The engine sums integers in 128 bits; a sum beyond a long wraps.
sql::ExprPtr narrowed(sql::ExprPtr wide) { return sql::call("wardian_low_bits", {std::move(wide)}); }

/// 0 without any value.
sql::ExprPtr sum(const CallSite& site) {
  sql::ExprPtr total =
      sql::call("coalesce", {aggregate_call("sum", {site.arguments[0]}, predicate_at(site, 1)), sql::integer(0)});
  switch (site.result) {
    case Type::real: return sql::cast(std::move(total), "DOUBLE");
    case Type::decimal: return sql::cast(std::move(total), "DECIMAL(38, 17)");
    default: return narrowed(sql::cast(std::move(total), "HUGEINT"));
  }
}

/// NaN without any value.
sql::ExprPtr average(const CallSite& site) {
  return sql::call("coalesce", {aggregate_call("avg", {site.arguments[0]}, predicate_at(site, 1)),
                                sql::real(std::numeric_limits<double>::quiet_NaN())});
}
sql::ExprPtr average_decimal(const CallSite& site) {
  sql::ExprPtr total = aggregate_call("sum", {site.arguments[0]}, predicate_at(site, 1));
  sql::ExprPtr count = sql::cast(aggregate_call("count", {site.arguments[0]}, predicate_at(site, 1)), "DECIMAL(38, 17)");
  return sql::call("wardian_divide_decimal", {sql::cast(std::move(total), "DECIMAL(38, 17)"), std::move(count)});
}
/// In whole ticks, which a double of a datetime's size could not tell apart. Null without any value.
sql::ExprPtr average_ticks(const CallSite& site) {
  return sql::cast(sql::binary("//", aggregate_call("sum", {site.arguments[0]}, predicate_at(site, 1)),
                               aggregate_call("count", {site.arguments[0]}, predicate_at(site, 1))),
                   "BIGINT");
}

/// Without any value null; a string, which never is null, ''.
template <const char* function>
sql::ExprPtr extreme(const CallSite& site) {
  sql::ExprPtr found = aggregate_call(function, {site.arguments[0]}, predicate_at(site, 1));
  return site.result == Type::string ? never_null(std::move(found)) : found;
}
/// A lone bool argument is the value, not a predicate.
template <const char* function>
sql::ExprPtr extreme_of_all(const CallSite& site) {
  sql::ExprPtr found = aggregate_call(function, {site.arguments[0]});
  return site.result == Type::string ? never_null(std::move(found)) : found;
}
constexpr char kMax[] = "max", kMin[] = "min";

/// Of a number that is not whole the bits of its whole part.
template <const char* function>
sql::ExprPtr all_bits(const CallSite& site) {
  const bool whole = site.type(0) != Type::real && site.type(0) != Type::decimal;
  sql::ExprPtr value = whole ? site.arguments[0] : to_type(site.arguments[0], site.type(0), Type::int64);
  sql::ExprPtr made = aggregate_call(function, {std::move(value)});
  return whole ? made : to_type(std::move(made), Type::int64, site.result);
}
constexpr char kAnd[] = "bit_and", kOr[] = "bit_or", kXor[] = "bit_xor";

constexpr plan::Lowering kSum{"", &sum}, kAverage{"", &average}, kAverageDecimal{"", &average_decimal},
    kAverageTicks{"", &average_ticks};
constexpr char kSumSummary[] = "Sum of the values, 0 without any; nulls are left out.";
constexpr char kAverageSummary[] = "Arithmetic mean of the values, NaN without any (of times null); nulls are left out.";

constexpr auto kAggregates = std::to_array<KqlAggregate>({
    {"avg", "(value: long) -> real", kAverage, "avg_", kAverageSummary},
    {"avg", "(value: real) -> real", kAverage, "avg_", kAverageSummary},
    {"avg", "(value: decimal) -> decimal", kAverageDecimal, "avg_", kAverageSummary},
    {"avg", "(value: datetime) -> datetime", kAverageTicks, "avg_", kAverageSummary},
    {"avg", "(value: timespan) -> timespan", kAverageTicks, "avg_", kAverageSummary},
    {"avgif", "(value: long, predicate: bool) -> real", kAverage, "avgif_", kAverageSummary},
    {"avgif", "(value: real, predicate: bool) -> real", kAverage, "avgif_", kAverageSummary},
    {"avgif", "(value: decimal, predicate: bool) -> decimal", kAverageDecimal, "avgif_", kAverageSummary},
    {"avgif", "(value: datetime, predicate: bool) -> datetime", kAverageTicks, "avgif_", kAverageSummary},
    {"avgif", "(value: timespan, predicate: bool) -> timespan", kAverageTicks, "avgif_", kAverageSummary},
    {"binary_all_and", "(value: S) -> S", {"", &all_bits<kAnd>}, "", "Bits set in all values."},
    {"binary_all_or", "(value: S) -> S", {"", &all_bits<kOr>}, "", "Bits set in any value."},
    {"binary_all_xor", "(value: S) -> S", {"", &all_bits<kXor>}, "", "Bits set in an odd number of values."},
    {"max", "(value: O) -> O", {"", &extreme_of_all<kMax>}, "max_", "The greatest value; nulls are left out."},
    {"maxif",
     "(value: O, predicate: bool) -> O",
     {"", &extreme<kMax>},
     "maxif_",
     "The greatest value where the predicate holds."},
    {"min", "(value: O) -> O", {"", &extreme_of_all<kMin>}, "min_", "The least value; nulls are left out."},
    {"minif", "(value: O, predicate: bool) -> O", {"", &extreme<kMin>}, "minif_", "The least value where the predicate holds."},
    {"sum", "(value: int) -> long", kSum, "sum_", kSumSummary},
    {"sum", "(value: long) -> long", kSum, "sum_", kSumSummary},
    {"sum", "(value: real) -> real", kSum, "sum_", kSumSummary},
    {"sum", "(value: decimal) -> decimal", kSum, "sum_", kSumSummary},
    {"sum", "(value: timespan) -> timespan", kSum, "sum_", kSumSummary},
    {"sum", "(value: datetime) -> datetime", kSum, "sum_", kSumSummary},
    {"sumif", "(value: int, predicate: bool) -> long", kSum, "sumif_", kSumSummary},
    {"sumif", "(value: long, predicate: bool) -> long", kSum, "sumif_", kSumSummary},
    {"sumif", "(value: real, predicate: bool) -> real", kSum, "sumif_", kSumSummary},
    {"sumif", "(value: decimal, predicate: bool) -> decimal", kSum, "sumif_", kSumSummary},
    {"sumif", "(value: timespan, predicate: bool) -> timespan", kSum, "sumif_", kSumSummary},
    {"sumif", "(value: datetime, predicate: bool) -> datetime", kSum, "sumif_", kSumSummary},
});
static_assert(std::ranges::is_sorted(kAggregates, {}, &KqlAggregate::name));

}  // namespace

std::span<const KqlAggregate> summing_aggregates() { return kAggregates; }

}  // namespace wardian::kql
