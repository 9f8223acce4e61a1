#include <algorithm>
#include <array>
#include <optional>

#include "wardian/kql/aggregates/aggregate_call.h"
#include "wardian/kql/aggregates/aggregate_families.h"

namespace wardian::kql {
namespace {

/// What a list holds at most when the query does not say.
constexpr std::int64_t kElementsMax = 1'048'576;

/// The last argument when it is a number: the most elements wanted.
std::int64_t elements_max(const CallSite& site) {
  const columnar::Value* value = site.arguments.size() > 1 ? site.constant(site.arguments.size() - 1) : nullptr;
  const auto* count = value == nullptr ? nullptr : std::get_if<std::int64_t>(&value->held);
  return count == nullptr ? kElementsMax : std::clamp<std::int64_t>(*count, 0, kElementsMax);
}

sql::ExprPtr is_true(sql::ExprPtr condition, sql::ExprPtr predicate) {
  return predicate ? sql::binary("AND", std::move(condition), std::move(predicate)) : condition;
}

/// A JSON array of the values that are not null. Gathered as a list first, because the engine joins the texts of a list
/// in one piece, and a list can be cut.
sql::ExprPtr json_array(sql::ExprPtr json, sql::ExprPtr predicate, bool distinct, std::optional<std::int64_t> most) {
  sql::ExprPtr keep = is_true(sql::is_not_null(json), std::move(predicate));
  sql::ExprPtr list = aggregate_call("list", {std::move(json)}, std::move(keep), distinct);
  if (most) list = sql::call("list_slice", {std::move(list), sql::integer(1), sql::integer(*most)});
  sql::ExprPtr joined = sql::call("array_to_string", {std::move(list), sql::string(",")});
  return sql::call("concat", {sql::string("["), std::move(joined), sql::string("]")});
}

/// What stands in the list as it is: the engine makes the texts of whole numbers when it joins them.
sql::ExprPtr element(const CallSite& site) {
  const Type type = site.type(0);
  return type == Type::int32 || type == Type::int64 || type == Type::boolean ? site.arguments[0] : json_argument(site, 0);
}
/// Arrays are joined, where a group has nothing else; the bound is one of elements.
sql::ExprPtr list_of(const CallSite& site, sql::ExprPtr predicate) {
  if (site.type(0) != Type::dynamic) return json_array(element(site), std::move(predicate), false, elements_max(site));
  sql::ExprPtr values = json_array(site.arguments[0], std::move(predicate), false, std::nullopt);
  sql::ExprPtr most = sql::cast(sql::integer(elements_max(site)), "BIGINT");
  return sql::call("wardian_opened_elements", {std::move(values), std::move(most), sql::boolean(false)});
}
sql::ExprPtr make_list(const CallSite& site) { return list_of(site, nullptr); }
sql::ExprPtr make_list_if(const CallSite& site) { return list_of(site, site.arguments[1]); }
sql::ExprPtr make_list_with_nulls(const CallSite& site) {
  sql::ExprPtr value = sql::call("coalesce", {json_argument(site, 0), sql::string("null")});
  if (site.type(0) != Type::dynamic) return json_array(std::move(value), nullptr, false, kElementsMax);
  sql::ExprPtr values = json_array(std::move(value), nullptr, false, std::nullopt);
  sql::ExprPtr most = sql::cast(sql::integer(kElementsMax), "BIGINT");
  return sql::call("wardian_opened_elements", {std::move(values), std::move(most), sql::boolean(true)});
}

/// In the order of first appearance. Arrays among the values are opened, so that sets can be joined.
sql::ExprPtr set_of(const CallSite& site, sql::ExprPtr predicate) {
  sql::ExprPtr most = sql::cast(sql::integer(elements_max(site)), "BIGINT");
  const Type type = site.type(0);
  if (type == Type::int32 || type == Type::int64) {
    sql::ExprPtr set =
        aggregate_call("wardian_make_set_long", {sql::cast(site.arguments[0], "BIGINT"), std::move(most)}, std::move(predicate));
    return sql::call("coalesce", {std::move(set), sql::string("[]")});
  }
  if (type == Type::string) {
    sql::ExprPtr set = aggregate_call("wardian_make_set_text", {site.arguments[0], std::move(most)}, std::move(predicate));
    return sql::call("coalesce", {std::move(set), sql::string("[]")});
  }
  const bool opens = type == Type::dynamic;
  sql::ExprPtr set =
      aggregate_call("wardian_make_set", {json_argument(site, 0), std::move(most), sql::boolean(opens)}, std::move(predicate));
  return sql::call("coalesce", {std::move(set), sql::string("[]")});
}
sql::ExprPtr make_set(const CallSite& site) { return set_of(site, nullptr); }
sql::ExprPtr make_set_if(const CallSite& site) { return set_of(site, site.arguments[1]); }

/// The bound is one of keys, not of bags.
sql::ExprPtr bag_of(const CallSite& site, sql::ExprPtr predicate) {
  sql::ExprPtr bags = json_array(site.arguments[0], std::move(predicate), false, std::nullopt);
  return sql::call("wardian_bag_merge_array", {std::move(bags), sql::integer(elements_max(site))});
}
sql::ExprPtr make_bag(const CallSite& site) { return bag_of(site, nullptr); }
sql::ExprPtr make_bag_if(const CallSite& site) { return bag_of(site, site.arguments[1]); }

sql::ExprPtr build_schema(const CallSite& site) {
  return sql::call("wardian_schema_of_elements", {json_array(site.arguments[0], nullptr, true, std::nullopt)});
}

constexpr char kList[] = "An array of the values; nulls are left out, and values that all are arrays are joined.";
constexpr char kSet[] = "An array of the different values; nulls are left out, arrays among the values opened.";
constexpr char kBag[] = "A bag of all keys of the bags; of equal keys one wins.";

constexpr auto kAggregates = std::to_array<KqlAggregate>({
    {"buildschema",
     "(value: bag dynamic) -> dynamic",
     {"", &build_schema},
     "schema_",
     "The least schema that all the values fit."},
    {"make_bag",
     "(bag: bag dynamic, maxSize: const long = 1048576) -> dynamic",
     {"", &make_bag, plan::RowOrder::serialized},
     "bag_",
     kBag},
    {"make_bag_if",
     "(bag: bag dynamic, predicate: bool, maxSize: const long = 1048576) -> dynamic",
     {"", &make_bag_if, plan::RowOrder::serialized},
     "bag_",
     kBag},
    {"make_dictionary",
     "(bag: bag dynamic, maxSize: const long = 128) -> dynamic",
     {"", &make_bag, plan::RowOrder::serialized},
     "dictionary_",
     kBag},
    {"make_list",
     "(value: any, maxSize: const long = 1048576) -> dynamic",
     {"", &make_list, plan::RowOrder::serialized},
     "list_",
     kList},
    {"make_list_if",
     "(value: any, predicate: bool, maxSize: const long = 1048576) -> dynamic",
     {"", &make_list_if, plan::RowOrder::serialized},
     "list_",
     kList},
    {"make_list_with_nulls",
     "(value: any) -> dynamic",
     {"", &make_list_with_nulls, plan::RowOrder::serialized},
     "list_",
     "An array of the values, nulls among them; values that all are arrays are joined."},
    {"make_set", "(value: any, maxSize: const long = 1048576) -> dynamic", {"", &make_set, plan::RowOrder::always}, "set_", kSet},
    {"make_set_if",
     "(value: any, predicate: bool, maxSize: const long = 1048576) -> dynamic",
     {"", &make_set_if, plan::RowOrder::always},
     "set_",
     kSet},
    {"makelist",
     "(value: any, maxSize: const long = 128) -> dynamic",
     {"", &make_list, plan::RowOrder::serialized},
     "list_",
     kList},
    {"makeset", "(value: any, maxSize: const long = 128) -> dynamic", {"", &make_set, plan::RowOrder::always}, "set_", kSet},
});
static_assert(std::ranges::is_sorted(kAggregates, {}, &KqlAggregate::name));

}  // namespace

std::span<const KqlAggregate> collecting_aggregates() { return kAggregates; }

}  // namespace wardian::kql
