#include <algorithm>
#include <array>

#include "wardian/kql/aggregates/aggregate_call.h"
#include "wardian/kql/aggregates/aggregate_families.h"

namespace wardian::kql {
namespace {

/// 0 where there are too few values to spread.
template <const char* function>
sql::ExprPtr spread(const CallSite& site) {
  return sql::call("coalesce", {aggregate_call(function, {site.arguments[0]}, predicate_at(site, 1)), sql::real(0)});
}
template <const char* function>
sql::ExprPtr joint_spread(const CallSite& site) {
  return sql::call("coalesce",
                   {aggregate_call(function, {site.arguments[0], site.arguments[1]}, predicate_at(site, 2)), sql::real(0)});
}
constexpr char kDeviation[] = "stddev_samp", kDeviationAll[] = "stddev_pop", kVariance[] = "var_samp", kVarianceAll[] = "var_pop",
               kCovariance[] = "covar_samp", kCovarianceAll[] = "covar_pop";

constexpr char kStdev[] = "Standard deviation of the values as a sample; 0 below two values.";
constexpr char kStdevp[] = "Standard deviation of the values as the whole population.";
constexpr char kVar[] = "Variance of the values as a sample; 0 below two values.";
constexpr char kVarp[] = "Variance of the values as the whole population.";
constexpr char kCov[] = "Covariance of pairs of values as a sample; 0 below two pairs.";
constexpr char kCovp[] = "Covariance of pairs of values as the whole population.";

constexpr auto kAggregates = std::to_array<KqlAggregate>({
    {"covariance", "(x: real, y: real) -> real", {"", &joint_spread<kCovariance>}, "covariance_", kCov},
    {"covarianceif", "(x: real, y: real, predicate: bool) -> real", {"", &joint_spread<kCovariance>}, "covarianceif_", kCov},
    {"covariancep", "(x: real, y: real) -> real", {"", &joint_spread<kCovarianceAll>}, "covariancep_", kCovp},
    {"covariancepif",
     "(x: real, y: real, predicate: bool) -> real",
     {"", &joint_spread<kCovarianceAll>},
     "covariancepif_",
     kCovp},
    {"stdev", "(value: real) -> real", {"", &spread<kDeviation>}, "stdev_", kStdev},
    {"stdevif", "(value: real, predicate: bool) -> real", {"", &spread<kDeviation>}, "stdevif_", kStdev},
    {"stdevp", "(value: real) -> real", {"", &spread<kDeviationAll>}, "stdevp_", kStdevp},
    {"variance", "(value: real) -> real", {"", &spread<kVariance>}, "variance_", kVar},
    {"varianceif", "(value: real, predicate: bool) -> real", {"", &spread<kVariance>}, "varianceif_", kVar},
    {"variancep", "(value: real) -> real", {"", &spread<kVarianceAll>}, "variance_", kVarp},
    {"variancepif", "(value: real, predicate: bool) -> real", {"", &spread<kVarianceAll>}, "variancepif_", kVarp},
});
static_assert(std::ranges::is_sorted(kAggregates, {}, &KqlAggregate::name));

}  // namespace

std::span<const KqlAggregate> variance_aggregates() { return kAggregates; }

}  // namespace wardian::kql
