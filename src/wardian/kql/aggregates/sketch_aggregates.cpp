#include <algorithm>
#include <array>

#include "wardian/kernels/hyperloglog.h"
#include "wardian/kql/aggregates/aggregate_call.h"
#include "wardian/kql/aggregates/aggregate_families.h"

namespace wardian::kql {
namespace {

/// What is hashed of a value, and the end of the name of the kernel that takes it.
std::pair<sql::ExprPtr, std::string> hashed(const CallSite& site) {
  const sql::ExprPtr& value = site.arguments[0];
  switch (site.type(0)) {
    case Type::boolean:
    case Type::int32: return {sql::cast(value, "BIGINT"), "long"};
    case Type::int64:
    case Type::datetime:
    case Type::timespan: return {value, "long"};
    case Type::real: return {value, "real"};
    case Type::string:
    case Type::dynamic: return {value, "text"};
    default: return {sql::cast(value, "VARCHAR"), "text"};
  }
}

sql::ExprPtr precision(const CallSite& site, std::size_t accuracy_at) {
  const columnar::Value* given = accuracy_at < site.arguments.size() ? site.constant(accuracy_at) : nullptr;
  const auto* accuracy = given == nullptr ? nullptr : std::get_if<std::int64_t>(&given->held);
  const int found = kernels::HyperLogLog::precision_of(accuracy == nullptr ? 1 : *accuracy);
  return sql::cast(sql::integer(found), "BIGINT");
}

sql::ExprPtr distinct(const CallSite& site, const std::string& kernel, bool conditional) {
  auto [value, ending] = hashed(site);
  const std::string name = kernel + ending;
  return aggregate_call(name.c_str(), {std::move(value), precision(site, conditional ? 2 : 1)},
                        conditional ? site.arguments[1] : nullptr);
}

/// 0 of no rows.
template <bool conditional>
sql::ExprPtr dcount(const CallSite& site) {
  return sql::call("coalesce", {distinct(site, "wardian_dcount_", conditional), sql::integer(0)});
}
template <bool conditional>
sql::ExprPtr hll(const CallSite& site) {
  return distinct(site, "wardian_hll_", conditional);
}

sql::ExprPtr tdigest(const CallSite& site) {
  const char* kernel = "wardian_tdigest_real";
  if (site.type(0) == Type::datetime) kernel = "wardian_tdigest_datetime";
  if (site.type(0) == Type::timespan) kernel = "wardian_tdigest_timespan";
  if (site.type(0) == Type::int64) kernel = "wardian_tdigest_long";
  sql::ExprPtr weight = site.arguments.size() > 1 ? site.arguments[1] : sql::cast(sql::integer(1), "BIGINT");
  return aggregate_call(kernel, {site.arguments[0], std::move(weight)});
}

constexpr plan::Lowering kHll{"", &hll<false>}, kHllIf{"", &hll<true>}, kTDigest{"", &tdigest},
    kTDigestMerge{"wardian_tdigest_merge_of"};

constexpr char kDcount[] =
    "How many different values there are: exact up to 1024, beyond with the standard error of the accuracy.";
constexpr char kDcountIf[] = "How many different values there are where the predicate holds, as dcount() tells it.";
constexpr char kHllSummary[] = "A sketch of the different values, for dcount_hll() and hll_merge(); nulls are left out.";
constexpr char kHllIfSummary[] = "A sketch of the different values where the predicate holds; nulls are left out.";
constexpr char kTDigestSummary[] =
    "A sketch of how the values are distributed, for percentile_tdigest() and its like; nulls are left out.";
constexpr char kTDigestMergeSummary[] = "One sketch of all that the digests were made of; what is no digest is left out.";

constexpr auto kAggregates = std::to_array<KqlAggregate>({
    {"dcount", "(value: any, accuracy: const accuracy long = 1) -> long", {"", &dcount<false>}, "dcount_", kDcount},
    {"dcountif",
     "(value: any, predicate: bool, accuracy: const accuracy long = 1) -> long",
     {"", &dcount<true>},
     "dcountif_",
     kDcountIf},
    {"hll", "(value: H, accuracy: const accuracy long = 1) -> dynamic", kHll, "hll_", kHllSummary},
    {"hll_if", "(value: H, predicate: bool, accuracy: const accuracy long = 1) -> dynamic", kHllIf, "hll_if_", kHllIfSummary},
    {"hll_merge",
     "(hll: dynamic) -> dynamic",
     {"wardian_hll_merge_of"},
     "hll_merge_",
     "One sketch of all that the sketches were made of; what is no sketch is left out."},
    {"merge_tdigest", "(tdigest: dynamic) -> dynamic", kTDigestMerge, "merge_tdigests_", kTDigestMergeSummary},
    {"tdigest", "(value: long, weight: long = 1) -> dynamic", kTDigest, "tdigest_", kTDigestSummary},
    {"tdigest", "(value: real, weight: long = 1) -> dynamic", kTDigest, "tdigest_", kTDigestSummary},
    {"tdigest", "(value: datetime, weight: long = 1) -> dynamic", kTDigest, "tdigest_", kTDigestSummary},
    {"tdigest", "(value: timespan, weight: long = 1) -> dynamic", kTDigest, "tdigest_", kTDigestSummary},
    {"tdigest_merge", "(tdigest: dynamic) -> dynamic", kTDigestMerge, "merge_tdigests_", kTDigestMergeSummary},
});
static_assert(std::ranges::is_sorted(kAggregates, {}, &KqlAggregate::name));

}  // namespace

std::span<const KqlAggregate> sketch_aggregates() { return kAggregates; }

}  // namespace wardian::kql
