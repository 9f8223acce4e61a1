#include <algorithm>
#include <array>

#include "wardian/kql/aggregates/aggregate_call.h"
#include "wardian/kql/aggregates/aggregate_families.h"

namespace wardian::kql {
namespace {

/// Rows, not values: count(x) counts nulls as well. Of a bool, the rows where it holds.
sql::ExprPtr count(const CallSite& site) { return aggregate_call("count", {sql::make(sql::Star{})}, predicate_at(site, 0)); }
sql::ExprPtr count_distinct(const CallSite& site) { return aggregate_call("count", {site.arguments[0]}, nullptr, true); }
sql::ExprPtr count_distinct_if(const CallSite& site) {
  return aggregate_call("count", {site.arguments[0]}, site.arguments[1], true);
}

constexpr char kDistinct[] = "How many different values there are, exactly; nulls are left out.";
constexpr char kDistinctIf[] = "How many different values there are where the predicate holds; nulls are left out.";

constexpr auto kAggregates = std::to_array<KqlAggregate>({
    {"cnt", "() -> long", {"", &count}, "cnt_", "How many rows there are; an older spelling of count()."},
    {"count", "() -> long", {"", &count}, "count_", "How many rows there are."},
    {"count", "(value: any) -> long", {"", &count}, "count_", "How many rows there are; of a bool, those where it holds."},
    {"count_distinct", "(value: D) -> long", {"", &count_distinct}, "count_distinct_", kDistinct},
    {"count_distinctif", "(value: D, predicate: bool) -> long", {"", &count_distinct_if}, "count_distinctif_", kDistinctIf},
    {"countif", "(predicate: bool) -> long", {"", &count}, "countif_", "How many rows there are where the predicate holds."},
});
static_assert(std::ranges::is_sorted(kAggregates, {}, &KqlAggregate::name));

}  // namespace

std::span<const KqlAggregate> counting_aggregates() { return kAggregates; }

}  // namespace wardian::kql
