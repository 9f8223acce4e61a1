#include <algorithm>
#include <array>

#include "wardian/kql/functions/function_families.h"
#include "wardian/kql/functions/value_forms.h"

namespace wardian::kql {
namespace {

constexpr char kExtractJson[] = "The value at a path ($.a[0]) of a JSON text, as text; '' where there is none.";

constexpr auto kFunctions = std::to_array<KqlFunction>({
    {"extract_json", "(path: string, json: string) -> string", {"wardian_extract_json"}, kExtractJson},
    {"extractjson", "(path: string, json: string) -> string", {"wardian_extract_json"}, kExtractJson},
    {"format_bytes",
     "(size: real, precision: long = 0, units: string = '') -> string",
     {"wardian_format_bytes"},
     "The size in the largest fitting unit, or the one asked for: 10.1 KB."},
    {"parse_command_line",
     "(command: string, parser: const string = 'windows') -> dynamic",
     {"", [](const CallSite& site) { return sql::call("wardian_parse_command_line", {site.arguments[0]}); }},
     "An array of the arguments, parted as Windows does."},
    {"parse_csv", "(csv: string) -> dynamic", {"wardian_parse_csv"}, "An array of the first record's fields."},
    {"parse_path", "(path: string) -> dynamic", {"wardian_parse_path"}, "A bag of a file path's parts."},
    {"parse_url", "(url: string) -> dynamic", {"wardian_parse_url"}, "A bag of a URL's parts; null for none."},
    {"parse_urlquery", "(query: string) -> dynamic", {"wardian_parse_urlquery"}, "A bag with the parameters of a URL's query."},
    {"parseurl", "(url: string) -> dynamic", {"wardian_parse_url"}, "A bag of a URL's parts; null for none."},
    {"parseurlquery", "(query: string) -> dynamic", {"wardian_parse_urlquery"}, "A bag with the parameters of a URL's query."},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &KqlFunction::name));

}  // namespace

std::span<const KqlFunction> parse_functions() { return kFunctions; }

}  // namespace wardian::kql
