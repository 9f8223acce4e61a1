#include <algorithm>
#include <array>

#include "wardian/kql/functions/function_families.h"
#include "wardian/kql/functions/value_forms.h"

namespace wardian::kql {
namespace {

/// Keys as text and values as JSON in turn.
template <const char* function>
sql::ExprPtr pack(const CallSite& site) {
  std::vector<sql::ExprPtr> pairs;
  for (std::size_t at = 0; at < site.arguments.size(); ++at) {
    pairs.push_back(at % 2 == 0 ? text_argument(site, at) : json_argument(site, at));
  }
  return sql::call(function, std::move(pairs));
}
constexpr char kPack[] = "wardian_bag_pack", kPackFilled[] = "wardian_bag_pack_filled", kMerge[] = "wardian_bag_merge";

sql::ExprPtr set_key(const CallSite& site) {
  return sql::call("wardian_bag_set_key", {site.arguments[0], site.arguments[1], json_argument(site, 2)});
}

constexpr char kPackSummary[] = "A bag of keys and values given in turn; the first of equal keys wins, an empty key is left out.";

constexpr auto kFunctions = std::to_array<KqlFunction>({
    {"bag_has_key",
     "(bag: bag dynamic, key: string) -> bool",
     {"wardian_bag_has_key"},
     "Whether the bag has the key, or the path when it begins with $."},
    {"bag_keys",
     "(bag: bag dynamic) -> dynamic",
     {"wardian_bag_keys"},
     "An array of the keys at the root; null when there is no bag."},
    {"bag_merge",
     "(bag: bag dynamic, bag2: bag dynamic, bags: bag dynamic...62) -> dynamic",
     {"", &call_with_json<kMerge>},
     "A bag of all keys; the leftmost of equal ones wins."},
    {"bag_pack", "(key: string, value: any, more: any...pairs) -> dynamic", {"", &pack<kPack>}, kPackSummary},
    {"bag_remove_keys",
     "(bag: bag dynamic, keys: array dynamic) -> dynamic",
     {"wardian_bag_remove_keys"},
     "The bag without the keys or paths of the array."},
    {"bag_set_key",
     "(bag: bag dynamic, key: const string, value: any) -> dynamic",
     {"", &set_key},
     "The bag with the key or path set to the value."},
    {"bag_zip",
     "(keys: array dynamic, values: array dynamic) -> dynamic",
     {"wardian_bag_zip"},
     "A bag of two arrays' elements; keys that are no strings are passed over."},
    {"pack", "(key: string, value: any, more: any...pairs) -> dynamic", {"", &pack<kPack>}, kPackSummary},
    {"pack_dictionary", "(key: string, value: any, more: any...pairs) -> dynamic", {"", &pack<kPack>}, kPackSummary},
    {"treepath",
     "(value: bag dynamic) -> dynamic",
     {"wardian_treepath"},
     "An array of all paths within the value; every position is written [0]."},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &KqlFunction::name));

}  // namespace

std::span<const KqlFunction> bag_functions() { return kFunctions; }

plan::Lowering packed_without_nulls() { return {"", &pack<kPackFilled>}; }

}  // namespace wardian::kql
