#include <algorithm>
#include <array>

#include "wardian/kql/aggregates/aggregate_call.h"
#include "wardian/kql/aggregates/aggregate_families.h"

namespace wardian::kql {
namespace {

/// 0 of one value; of none what the documentation lists as the aggregate's default: 0 or null. Times count in ticks.
template <const char* function, bool null_of_none>
sql::ExprPtr spread(const CallSite& site) {
  sql::ExprPtr made = aggregate_call(function, {sql::cast(site.arguments[0], "DOUBLE")}, predicate_at(site, 1));
  return null_of_none ? made : sql::call("coalesce", {std::move(made), sql::real(0)});
}
template <const char* function>
sql::ExprPtr joint_spread(const CallSite& site) {
  return aggregate_call(function, {sql::cast(site.arguments[0], "DOUBLE"), sql::cast(site.arguments[1], "DOUBLE")},
                        predicate_at(site, 2));
}
constexpr char kDeviation[] = "wardian_stdev", kDeviationAll[] = "wardian_stdevp", kVariance[] = "wardian_variance",
               kVarianceAll[] = "wardian_variancep", kCovariance[] = "wardian_covariance",
               kCovarianceAll[] = "wardian_covariancep";

constexpr char kStdev[] = "Standard deviation of the values as a sample; 0 of one value and of none.";
constexpr char kStdevp[] = "Standard deviation of the values as the whole population; null of none.";
constexpr char kVar[] = "Variance of the values as a sample; 0 of one value and of none.";
constexpr char kVarp[] = "Variance of the values as the whole population; null of none.";
constexpr char kCov[] = "Covariance of pairs of values as a sample; 0 of one pair, null of none.";
constexpr char kCovp[] = "Covariance of pairs of values as the whole population; null of none.";

constexpr auto kAggregates = std::to_array<KqlAggregate>({
    {"covariance", "(x: summable, y: summable) -> real", {"", &joint_spread<kCovariance>}, "covariance_", kCov},
    {"covarianceif",
     "(x: summable, y: summable, predicate: bool) -> real",
     {"", &joint_spread<kCovariance>},
     "covarianceif_",
     kCov},
    {"covariancep", "(x: summable, y: summable) -> real", {"", &joint_spread<kCovarianceAll>}, "covariancep_", kCovp},
    {"covariancepif",
     "(x: summable, y: summable, predicate: bool) -> real",
     {"", &joint_spread<kCovarianceAll>},
     "covariancepif_",
     kCovp},
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
