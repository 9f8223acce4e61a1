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
  const auto call = [&](const char* kernel, sql::ExprPtr of) {
    return aggregate_call(kernel, {std::move(of), weight, sql::cast(sql::real(percent), "DOUBLE")});
  };
  switch (type) {
    case Type::real: return call("wardian_percentilew_real", value);
    case Type::string:
    case Type::dynamic: return call("wardian_percentilew_text", value);
    case Type::guid: return sql::cast(call("wardian_percentilew_text", sql::cast(value, "VARCHAR")), "UUID");
    case Type::boolean: return sql::cast(call("wardian_percentilew_long", sql::cast(value, "BIGINT")), "BOOLEAN");
    default: return call("wardian_percentilew_long", value);
  }
}
sql::ExprPtr never_null_text(const CallSite& site, sql::ExprPtr found) {
  return site.result == Type::string ? never_null(std::move(found)) : found;
}

sql::ExprPtr percentile(const CallSite& site) {
  return never_null_text(site, ranked(site.arguments[0], percentage(site.constant(1))));
}
sql::ExprPtr weighted_percentile(const CallSite& site) {
  return never_null_text(site,
                         ranked_by_weight(site.arguments[0], site.type(0), site.arguments[1], percentage(site.constant(2))));
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
  std::vector<sql::ExprPtr> shares, values;
  for (const double percent : percentages(site, 1)) shares.push_back(sql::real(percent / 100));
  const std::size_t count = shares.size();
  if (count == 0) return sql::string("[]");
  const sql::ExprPtr all = aggregate_call("quantile_disc", {site.arguments[0], sql::call("list_value", std::move(shares))});
  for (std::size_t at = 1; at <= count; ++at) {
    values.push_back(to_json(sql::call("list_extract", {all, sql::integer(static_cast<std::int64_t>(at))}), site.type(0)));
  }
  return sql::call("wardian_array_pack", std::move(values));
}
sql::ExprPtr weighted_percentile_array(const CallSite& site) {
  std::vector<sql::ExprPtr> values;
  for (const double percent : percentages(site, 2)) {
    values.push_back(to_json(ranked_by_weight(site.arguments[0], site.type(0), site.arguments[1], percent), site.type(0)));
  }
  return sql::call("wardian_array_pack", std::move(values));
}

/// Calls that are the same but for the last argument are one to the engine.
sql::ExprPtr percentile_of_several(const CallSite& site) {
  const auto* which = std::get_if<std::int64_t>(&site.constant(site.arguments.size() - 1)->held);
  std::vector<sql::ExprPtr> shares;
  for (std::size_t at = 1; at + 1 < site.arguments.size(); ++at) shares.push_back(sql::real(percentage(site.constant(at)) / 100));
  sql::ExprPtr all = aggregate_call("quantile_disc", {site.arguments[0], sql::call("list_value", std::move(shares))});
  return never_null_text(site, sql::call("list_extract", {std::move(all), sql::integer(*which + 1)}));
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
    {"percentile", "(value: bool, percentage: const percentage real) -> bool", kPlain, "percentile_", kSummary},
    {"percentile", "(value: string, percentage: const percentage real) -> string", kPlain, "percentile_", kSummary},
    {"percentile", "(value: guid, percentage: const percentage real) -> guid", kPlain, "percentile_", kSummary},
    {"percentile", "(value: dynamic, percentage: const percentage real) -> dynamic", kPlain, "percentile_", kSummary},
    {"percentiles_array", "(value: long, percentage: const percentages any, more: const percentages any...) -> dynamic", kArray,
     "percentiles_", kArraySummary},
    {"percentiles_array", "(value: real, percentage: const percentages any, more: const percentages any...) -> dynamic", kArray,
     "percentiles_", kArraySummary},
    {"percentiles_array", "(value: datetime, percentage: const percentages any, more: const percentages any...) -> dynamic",
     kArray, "percentiles_", kArraySummary},
    {"percentiles_array", "(value: timespan, percentage: const percentages any, more: const percentages any...) -> dynamic",
     kArray, "percentiles_", kArraySummary},
    {"percentiles_array", "(value: bool, percentage: const percentages any, more: const percentages any...) -> dynamic", kArray,
     "percentiles_", kArraySummary},
    {"percentiles_array", "(value: string, percentage: const percentages any, more: const percentages any...) -> dynamic", kArray,
     "percentiles_", kArraySummary},
    {"percentiles_array", "(value: guid, percentage: const percentages any, more: const percentages any...) -> dynamic", kArray,
     "percentiles_", kArraySummary},
    {"percentiles_array", "(value: dynamic, percentage: const percentages any, more: const percentages any...) -> dynamic",
     kArray, "percentiles_", kArraySummary},
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
    {"percentilesw_array",
     "(value: bool, weight: long, percentage: const percentages any, more: const percentages any...) -> dynamic", kWeightedArray,
     "percentiles_", kArraySummary},
    {"percentilesw_array",
     "(value: string, weight: long, percentage: const percentages any, more: const percentages any...) -> dynamic",
     kWeightedArray, "percentiles_", kArraySummary},
    {"percentilesw_array",
     "(value: guid, weight: long, percentage: const percentages any, more: const percentages any...) -> dynamic", kWeightedArray,
     "percentiles_", kArraySummary},
    {"percentilesw_array",
     "(value: dynamic, weight: long, percentage: const percentages any, more: const percentages any...) -> dynamic",
     kWeightedArray, "percentiles_", kArraySummary},
    {"percentilew", "(value: long, weight: long, percentage: const percentage real) -> long", kWeighted, "percentile_",
     kWeightedSummary},
    {"percentilew", "(value: real, weight: long, percentage: const percentage real) -> real", kWeighted, "percentile_",
     kWeightedSummary},
    {"percentilew", "(value: datetime, weight: long, percentage: const percentage real) -> datetime", kWeighted, "percentile_",
     kWeightedSummary},
    {"percentilew", "(value: timespan, weight: long, percentage: const percentage real) -> timespan", kWeighted, "percentile_",
     kWeightedSummary},
    {"percentilew", "(value: bool, weight: long, percentage: const percentage real) -> bool", kWeighted, "percentile_",
     kWeightedSummary},
    {"percentilew", "(value: string, weight: long, percentage: const percentage real) -> string", kWeighted, "percentile_",
     kWeightedSummary},
    {"percentilew", "(value: guid, weight: long, percentage: const percentage real) -> guid", kWeighted, "percentile_",
     kWeightedSummary},
    {"percentilew", "(value: dynamic, weight: long, percentage: const percentage real) -> dynamic", kWeighted, "percentile_",
     kWeightedSummary},
});
static_assert(std::ranges::is_sorted(kAggregates, {}, &KqlAggregate::name));

}  // namespace

plan::Lowering one_percentile_of_several() { return {"", &percentile_of_several}; }

std::span<const KqlAggregate> percentile_aggregates() { return kAggregates; }

}  // namespace wardian::kql
