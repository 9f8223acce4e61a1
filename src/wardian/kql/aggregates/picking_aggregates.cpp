#include <algorithm>
#include <array>

#include "wardian/kql/aggregates/aggregate_call.h"
#include "wardian/kql/aggregates/aggregate_families.h"

// summarize gives these several columns (`*`, lists of columns) by itself; the rows here say what one column of them is.
namespace wardian::kql {
namespace {

sql::ExprPtr text_never_null(const CallSite& site, sql::ExprPtr found) {
  return site.result == Type::string ? never_null(std::move(found)) : found;
}
sql::ExprPtr any_value(const CallSite& site) { return text_never_null(site, aggregate_call("first", {site.arguments[0]})); }
sql::ExprPtr any_value_if(const CallSite& site) {
  return text_never_null(site, aggregate_call("any_value", {site.arguments[0]}, site.arguments[1]));
}
template <const char* function>
sql::ExprPtr value_beside(const CallSite& site) {
  return text_never_null(site, aggregate_call(function, {site.arguments[1], site.arguments[0]}));
}
template <const char* function>
sql::ExprPtr extreme(const CallSite& site) {
  return text_never_null(site, aggregate_call(function, {site.arguments[0]}));
}
constexpr char kGreatest[] = "max", kLeast[] = "min";
constexpr char kArgMax[] = "arg_max_null", kArgMin[] = "arg_min_null";

constexpr char kAny[] = "The value of some row.";
constexpr char kAnyIf[] = "The value of some row where the predicate holds.";
constexpr char kMax[] = "Values of the row where the first argument is greatest; of any row when it is null everywhere.";
constexpr char kMin[] = "Values of the row where the first argument is least; of any row when it is null everywhere.";

constexpr auto kAggregates = std::to_array<KqlAggregate>({
    {"any", "(value: T) -> T", {"", &any_value}, "any_", kAny},
    {"anyif", "(value: T, predicate: bool) -> T", {"", &any_value_if}, "anyif_", kAnyIf},
    {"arg_max", "(by: O) -> O", {"", &extreme<kGreatest>}, "", kMax},
    {"arg_max", "(by: any, value: T) -> T", {"", &value_beside<kArgMax>}, "", kMax},
    {"arg_min", "(by: O) -> O", {"", &extreme<kLeast>}, "", kMin},
    {"arg_min", "(by: any, value: T) -> T", {"", &value_beside<kArgMin>}, "", kMin},
    {"argmax", "(by: O) -> O", {"", &extreme<kGreatest>}, "max_", kMax},
    {"argmax", "(by: any, value: T) -> T", {"", &value_beside<kArgMax>}, "", kMax},
    {"argmin", "(by: O) -> O", {"", &extreme<kLeast>}, "min_", kMin},
    {"argmin", "(by: any, value: T) -> T", {"", &value_beside<kArgMin>}, "", kMin},
    {"passthrough", "(value: T) -> T", {"", &any_value}, "", kAny},
    {"take_any", "(value: T) -> T", {"", &any_value}, "", kAny},
    {"take_anyif", "(value: T, predicate: bool) -> T", {"", &any_value_if}, "", kAnyIf},
});
static_assert(std::ranges::is_sorted(kAggregates, {}, &KqlAggregate::name));

}  // namespace

std::span<const KqlAggregate> picking_aggregates() { return kAggregates; }

}  // namespace wardian::kql
