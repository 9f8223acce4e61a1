#include <algorithm>
#include <array>

#include "wardian/kql/functions/function_families.h"
#include "wardian/kql/functions/value_forms.h"

namespace wardian::kql {
namespace {

sql::ExprPtr extract_all(const CallSite& site) {
  return sql::call("wardian_extract_all", {site.arguments[0], sql::cast(sql::null(), "VARCHAR"), site.arguments[1]});
}
/// replace(pattern, rewrite, source): the arguments stand in another order than in replace_regex.
sql::ExprPtr replace_in_old_order(const CallSite& site) {
  return sql::call("wardian_replace_regex", {site.arguments[2], site.arguments[0], site.arguments[1]});
}

constexpr char kQuote[] = "wardian_regex_quote";
constexpr char kExtractAll[] = "An array of all matches: of their only group, or an array of the groups; null without a match.";

constexpr auto kFunctions = std::to_array<KqlFunction>({
    {"extract",
     "(regex: const regex string, captureGroup: long, source: string) -> string",
     {"wardian_extract"},
     "The group of the first match (0 is all of it), '' without one."},
    {"extract_all", "(regex: const regex string, source: string) -> dynamic", {"", &extract_all}, kExtractAll},
    {"extract_all",
     "(regex: const regex string, captureGroups: array dynamic, source: string) -> dynamic",
     {"wardian_extract_all"},
     kExtractAll},
    {"extractall", "(regex: const regex string, source: string) -> dynamic", {"", &extract_all}, kExtractAll},
    {"extractall",
     "(regex: const regex string, captureGroups: array dynamic, source: string) -> dynamic",
     {"wardian_extract_all"},
     kExtractAll},
    {"regex_quote", "(text: any) -> string", {"", &call_with_texts<kQuote>}, "The text with every special character escaped."},
    {"replace",
     "(regex: const regex string, rewrite: const string, source: string) -> string",
     {"", &replace_in_old_order},
     "The source with every match replaced; \\1 in the rewrite is the first group."},
    {"replace_regex",
     "(source: string, lookup: const regex string, rewrite: const string) -> string",
     {"wardian_replace_regex"},
     "The source with every match replaced; \\1 in the rewrite is the first group."},
    {"trim",
     "(regex: const regex string, source: string) -> string",
     {"wardian_trim"},
     "The source without a match at its start and one at its end."},
    {"trim_end",
     "(regex: const regex string, source: string) -> string",
     {"wardian_trim_end"},
     "The source without a match at its end."},
    {"trim_start",
     "(regex: const regex string, source: string) -> string",
     {"wardian_trim_start"},
     "The source without a match at its start."},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &KqlFunction::name));

}  // namespace

std::span<const KqlFunction> regex_functions() { return kFunctions; }

}  // namespace wardian::kql
