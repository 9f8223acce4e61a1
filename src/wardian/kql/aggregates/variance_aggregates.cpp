#include <algorithm>
#include <array>
#include <limits>

#include "wardian/kql/aggregates/aggregate_call.h"
#include "wardian/kql/aggregates/aggregate_families.h"

namespace wardian::kql {
namespace {

/// The engine ends the query where a square is not finite: NaN stands for a spread with such values, which are kept from it.
constexpr double kSquareFinite = 1e150;

/// Times count in ticks.
sql::ExprPtr as_real(const sql::ExprPtr& value) { return sql::cast(value, "DOUBLE"); }

sql::ExprPtr is_tame(const sql::ExprPtr& value) { return sql::binary("<", sql::call("abs", {value}), sql::real(kSquareFinite)); }

/// 0 of one value; of none what the documentation lists as the aggregate's default: 0 or null.
sql::ExprPtr guarded(const char* function, const std::vector<sql::ExprPtr>& values, const sql::ExprPtr& predicate,
                     bool null_of_none) {
  sql::ExprPtr tame = is_tame(values[0]);
  for (std::size_t at = 1; at < values.size(); ++at) tame = sql::binary("AND", std::move(tame), is_tame(values[at]));
  std::vector<sql::ExprPtr> kept;
  for (const sql::ExprPtr& value : values) kept.push_back(sql::if_else(tame, value, sql::null()));
  const sql::ExprPtr all_tame = sql::call("coalesce", {aggregate_call("bool_and", {tame}, predicate), sql::boolean(true)});
  // A pair that lacks a value is null here and not counted.
  sql::ExprPtr few = null_of_none ? sql::if_else(sql::binary(">", aggregate_call("count", {tame}, predicate), sql::integer(0)),
                                                 sql::real(0), sql::null())
                                  : sql::real(0);
  return sql::if_else(all_tame, sql::call("coalesce", {aggregate_call(function, std::move(kept), predicate), std::move(few)}),
                      sql::real(std::numeric_limits<double>::quiet_NaN()));
}

template <const char* function, bool null_of_none>
sql::ExprPtr spread(const CallSite& site) {
  return guarded(function, {as_real(site.arguments[0])}, predicate_at(site, 1), null_of_none);
}
template <const char* function>
sql::ExprPtr joint_spread(const CallSite& site) {
  return guarded(function, {as_real(site.arguments[0]), as_real(site.arguments[1])}, predicate_at(site, 2), true);
}
constexpr char kDeviation[] = "stddev_samp", kDeviationAll[] = "stddev_pop", kVariance[] = "var_samp", kVarianceAll[] = "var_pop",
               kCovariance[] = "covar_samp", kCovarianceAll[] = "covar_pop";

constexpr char kStdev[] = "Standard deviation of the values as a sample; 0 of one value and of none.";
constexpr char kStdevp[] = "Standard deviation of the values as the whole population; null of none.";
constexpr char kVar[] = "Variance of the values as a sample; 0 of one value and of none.";
constexpr char kVarp[] = "Variance of the values as the whole population; null of none.";
constexpr char kCov[] = "Covariance of pairs of values as a sample; 0 of one pair, null of none.";
constexpr char kCovp[] = "Covariance of pairs of values as the whole population; null of none.";

constexpr auto kAggregates = std::to_array<KqlAggregate>({
    {"covariance", "(x: S, y: S) -> real", {"", &joint_spread<kCovariance>}, "covariance_", kCov},
    {"covarianceif", "(x: S, y: S, predicate: bool) -> real", {"", &joint_spread<kCovariance>}, "covarianceif_", kCov},
    {"covariancep", "(x: S, y: S) -> real", {"", &joint_spread<kCovarianceAll>}, "covariancep_", kCovp},
    {"covariancepif", "(x: S, y: S, predicate: bool) -> real", {"", &joint_spread<kCovarianceAll>}, "covariancepif_", kCovp},
    {"stdev", "(value: S) -> real", {"", &spread<kDeviation, false>}, "stdev_", kStdev},
    {"stdevif", "(value: S, predicate: bool) -> real", {"", &spread<kDeviation, false>}, "stdevif_", kStdev},
    {"stdevp", "(value: S) -> real", {"", &spread<kDeviationAll, true>}, "stdevp_", kStdevp},
    {"variance", "(value: S) -> real", {"", &spread<kVariance, false>}, "variance_", kVar},
    {"varianceif", "(value: S, predicate: bool) -> real", {"", &spread<kVariance, false>}, "varianceif_", kVar},
    {"variancep", "(value: S) -> real", {"", &spread<kVarianceAll, true>}, "variance_", kVarp},
    {"variancepif", "(value: S, predicate: bool) -> real", {"", &spread<kVarianceAll, true>}, "variancepif_", kVarp},
});
static_assert(std::ranges::is_sorted(kAggregates, {}, &KqlAggregate::name));

}  // namespace

std::span<const KqlAggregate> variance_aggregates() { return kAggregates; }

}  // namespace wardian::kql
