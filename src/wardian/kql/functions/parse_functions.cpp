#include <algorithm>
#include <array>

#include "wardian/kql/functions/function_families.h"
#include "wardian/kql/functions/value_forms.h"

namespace wardian::kql {
namespace {

constexpr char kParseCsv[] = "wardian_parse_csv", kParseXml[] = "wardian_parse_xml";
constexpr char kExtractJson[] = "The value at a path ($.a[0]) of a JSON text, as text; '' where there is none.";

/// Without a word of what to look for, all there is.
sql::ExprPtr user_agent(const CallSite& site) {
  sql::ExprPtr wanted = site.arguments.size() > 1 ? json_argument(site, 1) : sql::string(R"(["browser","os","device"])");
  return sql::call("wardian_parse_user_agent", {site.arguments[0], std::move(wanted)});
}

constexpr auto kFunctions = std::to_array<KqlFunction>({
    {"extract_json", "(path: const string, json: string) -> string", {"wardian_extract_json"}, kExtractJson},
    {"extractjson", "(path: const string, json: string) -> string", {"wardian_extract_json"}, kExtractJson},
    {"format_bytes",
     "(size: real, precision: const real = 0, units: const string = '') -> string",
     {"",
      [](const CallSite& site) {
        return sql::call("wardian_format_bytes",
                         {site.arguments[0], to_type(site.arguments[1], Type::real, Type::int64), site.arguments[2]});
      }},
     "The size in the largest fitting unit, or the one asked for: 10.1 KB."},
    {"parse_command_line",
     "(command: any, parser: string) -> dynamic",
     {"", [](const CallSite& site) { return sql::call("wardian_parse_command_line", {text_argument(site, 0)}); }},
     "An array of the arguments, parted as Windows does."},
    {"parse_csv", "(csv: text) -> dynamic", {"", &call_with_texts<kParseCsv>}, "An array of the first record's fields."},
    {"parse_path", "(path: string) -> dynamic", {"wardian_parse_path"}, "A bag of a file path's parts."},
    {"parse_url", "(url: string) -> dynamic", {"wardian_parse_url"}, "A bag of a URL's parts; null for none."},
    {"parse_urlquery", "(query: string) -> dynamic", {"wardian_parse_urlquery"}, "A bag with the parameters of a URL's query."},
    {"parse_user_agent",
     "(user_agent: string) -> dynamic",
     {"", &user_agent},
     "A bag of the browser, the operating system and the device that the text of a user agent tells."},
    {"parse_user_agent",
     "(user_agent: string, look_for: text) -> dynamic",
     {"", &user_agent},
     "The same of what is looked for: browser, os or device, or an array of them; null for anything else."},
    {"parse_version",
     "(version: string) -> decimal",
     {"wardian_parse_version"},
     "One to four numbers of at most eight digits with points between, as a decimal that orders as they do; null for none."},
    {"parse_xml",
     "(xml: text) -> dynamic",
     {"", &call_with_texts<kParseXml>},
     "A bag of the root element: attributes as @name, text beside other things as #text, equal names as an array; null for no "
     "XML."},
    {"parseurl", "(url: string) -> dynamic", {"wardian_parse_url"}, "A bag of a URL's parts; null for none."},
    {"parseurlquery", "(query: string) -> dynamic", {"wardian_parse_urlquery"}, "A bag with the parameters of a URL's query."},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &KqlFunction::name));

}  // namespace

std::span<const KqlFunction> parse_functions() { return kFunctions; }

}  // namespace wardian::kql
