#include <algorithm>
#include <array>

#include "wardian/kql/functions/function_families.h"
#include "wardian/kql/functions/value_forms.h"

namespace wardian::kql {
namespace {

constexpr char kPercentiles[] = "wardian_percentiles_tdigest", kRank[] = "wardian_rank_tdigest_",
               kPercentRank[] = "wardian_percentrank_tdigest_";

/// Values of other kinds have no rank.
template <const char* kernel>
sql::ExprPtr rank(const CallSite& site) {
  const Type type = site.type(1);
  const bool whole = columnar::is_integer(type) || type == Type::datetime || type == Type::timespan;
  if (!whole && type != Type::real && type != Type::decimal) return sql::cast(sql::null(), "DOUBLE");
  sql::ExprPtr value = sql::cast(site.arguments[1], whole ? "BIGINT" : "DOUBLE");
  return sql::call(std::string(kernel) + (whole ? "long" : "real"), {site.arguments[0], std::move(value)});
}

constexpr char kHllValid[] = "wardian_hll_isvalid", kDigestValid[] = "wardian_tdigest_isvalid";

/// No page tells what the value is for.
template <const char* kernel>
sql::ExprPtr is_valid(const CallSite& site) {
  return sql::call(kernel, {site.arguments[0]});
}

constexpr char kTDigestMerge[] = "One sketch of all that the digests were made of; what is no digest is left out.";

constexpr auto kFunctions = std::to_array<KqlFunction>({
    {"dcount_hll",
     "(hll: dynamic) -> long",
     {"wardian_dcount_hll"},
     "How many different values the sketch of hll() was made of; null of what is no sketch."},
    {"hll_isvalid",
     "(hll: dynamic, value: any) -> bool",
     {"", &is_valid<kHllValid>},
     "Whether the first argument is a sketch of hll(); the second is not looked at."},
    {"hll_merge",
     "(hll: dynamic, other: dynamic, more: dynamic...) -> dynamic",
     {"wardian_hll_merge"},
     "One sketch of all that the sketches were made of; what is no sketch is left out."},
    {"merge_tdigest",
     "(tdigest: dynamic, other: dynamic, more: dynamic...) -> dynamic",
     {"wardian_tdigest_merge"},
     kTDigestMerge},
    {"percentile_tdigest",
     "(tdigest: dynamic, percentage: real) -> dynamic",
     {"wardian_percentile_tdigest"},
     "The value below or at which a percentage of the digest's values lies; typeof(T) as a last argument makes it a T."},
    {"percentiles_array_tdigest",
     "(tdigest: dynamic, percentage: number, more: number...) -> dynamic",
     {"", &call_with_json<kPercentiles>},
     "An array of the digest's percentiles."},
    {"percentiles_array_tdigest",
     "(tdigest: dynamic, percentages: dynamic) -> dynamic",
     {"", &call_with_json<kPercentiles>},
     "An array of the digest's percentiles."},
    {"percentrank_tdigest",
     "(tdigest: dynamic, value: any) -> real",
     {"", &rank<kPercentRank>},
     "Which percentage of the digest's values is at or below the value."},
    {"rank_tdigest",
     "(tdigest: dynamic, value: any) -> real",
     {"", &rank<kRank>},
     "How many of the digest's values are at or below the value."},
    {"tdigest_isvalid",
     "(tdigest: dynamic, value: any) -> bool",
     {"", &is_valid<kDigestValid>},
     "Whether the first argument is a sketch of tdigest(); the second is not looked at."},
    {"tdigest_merge",
     "(tdigest: dynamic, other: dynamic, more: dynamic...) -> dynamic",
     {"wardian_tdigest_merge"},
     kTDigestMerge},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &KqlFunction::name));

}  // namespace

std::span<const KqlFunction> sketch_functions() { return kFunctions; }

}  // namespace wardian::kql
