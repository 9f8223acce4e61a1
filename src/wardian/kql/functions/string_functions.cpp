#include <algorithm>
#include <array>

#include "wardian/kql/functions/function_families.h"
#include "wardian/kql/functions/value_forms.h"

namespace wardian::kql {
namespace {

sql::ExprPtr concatenated(std::vector<sql::ExprPtr> texts) {
  if (texts.size() == 1) return texts.front();
  return sql::call("concat", std::move(texts));
}

sql::ExprPtr strcat(const CallSite& site) {
  std::vector<sql::ExprPtr> texts;
  for (std::size_t at = 0; at < site.arguments.size(); ++at) texts.push_back(text_argument(site, at));
  return concatenated(std::move(texts));
}

sql::ExprPtr strcat_delim(const CallSite& site) {
  std::vector<sql::ExprPtr> texts;
  for (std::size_t at = 1; at < site.arguments.size(); ++at) {
    if (at > 1) texts.push_back(text_argument(site, 0));
    texts.push_back(text_argument(site, at));
  }
  return concatenated(std::move(texts));
}

/// The first two arguments as text, the others as they are.
template <const char* function>
sql::ExprPtr search_in_text(const CallSite& site) {
  std::vector<sql::ExprPtr> arguments(site.arguments.begin(), site.arguments.end());
  arguments[0] = text_argument(site, 0);
  arguments[1] = text_argument(site, 1);
  return sql::call(function, std::move(arguments));
}
constexpr char kIndexOf[] = "wardian_indexof", kIndexOfRegex[] = "wardian_indexof_regex", kCompare[] = "wardian_strcmp";

/// The first argument as text, the others as they are.
template <const char* function>
sql::ExprPtr of_text(const CallSite& site) {
  std::vector<sql::ExprPtr> arguments(site.arguments.begin(), site.arguments.end());
  arguments[0] = text_argument(site, 0);
  return sql::call(function, std::move(arguments));
}
constexpr char kSubstring[] = "wardian_substring", kRepeat[] = "wardian_strrep", kReverse[] = "wardian_reverse",
               kLower[] = "lower", kUpper[] = "upper", kLength[] = "length", kBytes[] = "strlen", kAscii[] = "wardian_isascii",
               kCodepoints[] = "wardian_codepoints_from_text", kSplit[] = "wardian_split", kSplitPart[] = "wardian_split_part",
               kHasAnyIndex[] = "wardian_has_any_index";

sql::ExprPtr repeat(const CallSite& site) {
  return sql::call(kRepeat, {text_argument(site, 0), site.arguments[1], text_argument(site, 2)});
}

/// Whole-text replacement; the engine's own function leaves the text as it is when there is nothing to look for.
sql::ExprPtr replace_string(const CallSite& site) {
  return sql::call("replace", {site.arguments[0], site.arguments[1], site.arguments[2]});
}
sql::ExprPtr replace_strings(const CallSite& site) {
  return never_null(sql::call("wardian_replace_strings", {site.arguments[0], json_argument(site, 1), json_argument(site, 2)}));
}

sql::ExprPtr countof(const CallSite& site) {
  const auto* kind = site.constant(2);
  const auto* name = kind == nullptr ? nullptr : std::get_if<std::string>(&kind->held);
  const bool regex = name != nullptr && *name == "regex";
  return sql::call(regex ? "wardian_countof_regex" : "wardian_countof", {site.arguments[0], site.arguments[1]});
}

/// The engine holds text as UTF-8 only.
sql::ExprPtr always_true(const CallSite&) { return sql::boolean(true); }

sql::ExprPtr codepoints_to_string(const CallSite& site) {
  std::vector<sql::ExprPtr> values;
  for (std::size_t at = 0; at < site.arguments.size(); ++at) values.push_back(json_argument(site, at));
  return sql::call("wardian_codepoints_to_text", {sql::call("wardian_array_pack", std::move(values))});
}

constexpr auto kFunctions = std::to_array<KqlFunction>({
    {"array_strcat",
     "(array: array dynamic, delimiter: any) -> string",
     {"",
      [](const CallSite& site) {
        return sql::call("wardian_strcat_array", {site.arguments[0], text_argument(site, 1)});
      }},
     "The array's elements as text with the delimiter between; '' of null."},
    {"countof",
     "(source: string, search: search string, kind: literal search_kind string = 'normal') -> long",
     {"", &countof},
     "Occurrences: of plain text, overlapping ones too, or of a regular expression."},
    {"has_any_index",
     "(source: text, values: array dynamic) -> long",
     {"", &of_text<kHasAnyIndex>},
     "Position in the array of the first value that the source has as a term, or -1."},
    {"indexof",
     "(source: any, lookup: any, start: long = 0, length: long = -1, occurrence: const long = 1) -> long",
     {"", &search_in_text<kIndexOf>},
     "Position of an occurrence of the lookup text, counted in characters from 0, or -1."},
    {"indexof_regex",
     "(source: any, lookup: const regex any, start: long = 0, length: long = -1, occurrence: const long = 1) -> long",
     {"", &search_in_text<kIndexOfRegex>},
     "Position of an occurrence of the pattern, or -1."},
    {"isascii", "(value: any) -> bool", {"", &of_text<kAscii>}, "Whether all characters are ASCII."},
    {"isutf8", "(value: any) -> bool", {"", &always_true}, "Whether the text is valid UTF-8; text here always is."},
    {"make_string",
     "(value: codepoints, values: codepoints...) -> string",
     {"", &codepoints_to_string},
     "The text of code points, given as numbers or arrays."},
    {"replace_string",
     "(text: string, lookup: string, rewrite: string) -> string",
     {"", &replace_string},
     "The text with every occurrence of the lookup text replaced."},
    {"replace_strings",
     "(text: string, lookups: array dynamic, rewrites: array dynamic) -> string",
     {"", &replace_strings},
     "The text with each of the lookup texts replaced by the rewrite at its place; '' when the arrays do not fit."},
    {"reverse", "(value: any) -> string", {"", &of_text<kReverse>}, "The characters from last to first."},
    {"split", "(source: any, delimiter: string) -> dynamic", {"", &of_text<kSplit>}, "An array of the parts between delimiters."},
    {"split",
     "(source: any, delimiter: string, index: long) -> dynamic",
     {"", &of_text<kSplitPart>},
     "An array of the one part at a place; null when there is none."},
    {"strcat", "(value: any, values: any...63) -> string", {"", &strcat}, "The arguments as text, joined; a null adds nothing."},
    {"strcat_array",
     "(array: array dynamic, delimiter: any) -> string",
     {"",
      [](const CallSite& site) {
        return sql::call("wardian_strcat_array", {site.arguments[0], text_argument(site, 1)});
      }},
     "The array's elements as text with the delimiter between; '' of null."},
    {"strcat_delim",
     "(delimiter: any, value: any, value2: any, values: any...62) -> string",
     {"", &strcat_delim},
     "The arguments as text with the delimiter between."},
    {"strcmp",
     "(a: any, b: any) -> long",
     {"", &search_in_text<kCompare>},
     "-1, 0 or 1 as the first comes before, equals or follows the second."},
    {"string_size", "(value: text) -> long", {"", &of_text<kBytes>}, "Bytes of the text in UTF-8."},
    {"strlen", "(value: text) -> long", {"", &of_text<kLength>}, "Characters of the text."},
    {"strrep",
     "(value: any, multiplier: long, delimiter: any = '') -> string",
     {"", &repeat},
     "The value's text repeated, at most 1024 times, with the delimiter between."},
    {"substring",
     "(source: any, start: long, length: long = long(null)) -> string",
     {"", &of_text<kSubstring>},
     "Characters from a start counted from 0, up to a length; '' past the end."},
    {"to_utf8", "(value: any) -> dynamic", {"", &of_text<kCodepoints>}, "The text's code points, as an array."},
    {"tolower", "(value: any) -> string", {"", &of_text<kLower>}, "The text in lower case."},
    {"toupper", "(value: any) -> string", {"", &of_text<kUpper>}, "The text in upper case."},
    {"translate",
     "(search: string, replacement: string, source: string) -> string",
     {"wardian_translate"},
     "Each character of the search list replaced by the one at its place in the replacement list, whose last stands for those "
     "beyond."},
    {"unicode_codepoints_from_string",
     "(value: any) -> dynamic",
     {"", &of_text<kCodepoints>},
     "The text's code points, as an array."},
    {"unicode_codepoints_to_string",
     "(value: codepoints, values: codepoints...) -> string",
     {"", &codepoints_to_string},
     "The text of code points, given as numbers or arrays."},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &KqlFunction::name));

}  // namespace

std::span<const KqlFunction> string_functions() { return kFunctions; }

}  // namespace wardian::kql
