#include <algorithm>
#include <array>

#include "wardian/kernels/conversion.h"
#include "wardian/kernels/json_text.h"
#include "wardian/kql/aggregates/aggregate_call.h"
#include "wardian/kql/aggregates/aggregate_families.h"

namespace wardian::kql {
namespace {

/// The value of the nearest rank: the least one at or below which that share of the values lies.
sql::ExprPtr ranked(const sql::ExprPtr& value, double percent) {
  return aggregate_call("quantile_disc", {value, sql::real(percent / 100)});
}
sql::ExprPtr ranked_by_weight(const sql::ExprPtr& value, Type type, const sql::ExprPtr& weight, double percent) {
  return aggregate_call(type == Type::real ? "wardian_percentilew_real" : "wardian_percentilew_long",
                        {value, weight, sql::cast(sql::real(percent), "DOUBLE")});
}

sql::ExprPtr percentile(const CallSite& site) { return ranked(site.arguments[0], percentage(site.constant(1))); }
sql::ExprPtr weighted_percentile(const CallSite& site) {
  return ranked_by_weight(site.arguments[0], site.type(0), site.arguments[1], percentage(site.constant(2)));
}

/// The percentages from `first` on: numbers, or one array of them.
std::vector<double> percentages(const CallSite& site, std::size_t first) {
  std::vector<double> made;
  for (std::size_t at = first; at < site.arguments.size(); ++at) {
    const columnar::Value* value = site.constant(at);
    const auto* text = value == nullptr ? nullptr : std::get_if<std::string>(&value->held);
    if (value == nullptr || value->type != Type::dynamic || text == nullptr) {
      made.push_back(percentage(value));
    } else {
      for (kernels::JsonWalk walk(*text); walk.next();) {
        made.push_back(std::clamp(kernels::dynamic_to_real(walk.value()).value_or(0), 0.0, 100.0));
      }
    }
  }
  return made;
}
sql::ExprPtr percentile_array(const CallSite& site) {
  std::vector<sql::ExprPtr> values;
  for (const double percent : percentages(site, 1)) values.push_back(to_json(ranked(site.arguments[0], percent), site.type(0)));
  return sql::call("wardian_array_pack", std::move(values));
}
sql::ExprPtr weighted_percentile_array(const CallSite& site) {
  std::vector<sql::ExprPtr> values;
  for (const double percent : percentages(site, 2)) {
    values.push_back(to_json(ranked_by_weight(site.arguments[0], site.type(0), site.arguments[1], percent), site.type(0)));
  }
  return sql::call("wardian_array_pack", std::move(values));
}

constexpr plan::Lowering kPlain{"", &percentile}, kWeighted{"", &weighted_percentile}, kArray{"", &percentile_array},
    kWeightedArray{"", &weighted_percentile_array};
constexpr char kSummary[] = "The least value at or below which a percentage of the values lies; null without any.";
constexpr char kWeightedSummary[] = "The least value at or below which a percentage of the weight lies; null without any.";
constexpr char kArraySummary[] = "An array of percentiles.";

constexpr auto kAggregates = std::to_array<KqlAggregate>({
    {"percentile", "(value: long, percentage: const percentage real) -> long", kPlain, "percentile_", kSummary},
    {"percentile", "(value: real, percentage: const percentage real) -> real", kPlain, "percentile_", kSummary},
    {"percentile", "(value: datetime, percentage: const percentage real) -> datetime", kPlain, "percentile_", kSummary},
    {"percentile", "(value: timespan, percentage: const percentage real) -> timespan", kPlain, "percentile_", kSummary},
    {"percentiles_array", "(value: S, percentage: const percentages any, more: const percentages any...) -> dynamic", kArray,
     "percentiles_", kArraySummary},
    {"percentilesw_array",
     "(value: long, weight: long, percentage: const percentages any, more: const percentages any...) -> dynamic", kWeightedArray,
     "percentiles_", kArraySummary},
    {"percentilesw_array",
     "(value: real, weight: long, percentage: const percentages any, more: const percentages any...) -> dynamic", kWeightedArray,
     "percentiles_", kArraySummary},
    {"percentilesw_array",
     "(value: datetime, weight: long, percentage: const percentages any, more: const percentages any...) -> dynamic",
     kWeightedArray, "percentiles_", kArraySummary},
    {"percentilesw_array",
     "(value: timespan, weight: long, percentage: const percentages any, more: const percentages any...) -> dynamic",
     kWeightedArray, "percentiles_", kArraySummary},
    {"percentilew", "(value: long, weight: long, percentage: const percentage real) -> long", kWeighted, "percentile_",
     kWeightedSummary},
    {"percentilew", "(value: real, weight: long, percentage: const percentage real) -> real", kWeighted, "percentile_",
     kWeightedSummary},
    {"percentilew", "(value: datetime, weight: long, percentage: const percentage real) -> datetime", kWeighted, "percentile_",
     kWeightedSummary},
    {"percentilew", "(value: timespan, weight: long, percentage: const percentage real) -> timespan", kWeighted, "percentile_",
     kWeightedSummary},
});
static_assert(std::ranges::is_sorted(kAggregates, {}, &KqlAggregate::name));

}  // namespace

std::span<const KqlAggregate> percentile_aggregates() { return kAggregates; }

}  // namespace wardian::kql
