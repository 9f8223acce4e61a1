#include <algorithm>
#include <array>

#include "wardian/kql/functions/function_families.h"
#include "wardian/kql/functions/value_forms.h"

namespace wardian::kql {
namespace {

sql::ExprPtr convert_to_result(const CallSite& site) { return to_type(site.arguments[0], site.type(0), site.result); }

sql::ExprPtr type_name(const CallSite& site) {
  if (site.type(0) == Type::dynamic) return sql::call("wardian_dynamic_type", {site.arguments[0]});
  return sql::string(std::string(columnar::type_name(site.type(0))));
}

sql::ExprPtr dynamic_to_json(const CallSite& site) {
  if (site.type(0) != Type::dynamic) return text_argument(site, 0);
  return never_null(sql::call("wardian_json_sorted", {site.arguments[0]}));
}

constexpr char kToHex[] = "Hexadecimal digits in lower case, at most 16, of the two's complement when negative; '' of null.";
constexpr char kToDynamic[] = "The JSON text as a dynamic value; text that is no JSON becomes a string, '' null.";
constexpr plan::Lowering kConvert{"", &convert_to_result};

constexpr auto kFunctions = std::to_array<KqlFunction>({
    {"dynamic_to_json",
     "(value: any) -> string",
     {"", &dynamic_to_json},
     "The value's JSON text with the keys in order; of other types the text; '' of null."},
    {"gettype", "(value: any) -> string", {"", &type_name}, "The name of the value's type; of a dynamic, of what it holds."},
    {"parse_json", "(text: text) -> dynamic", kConvert, kToDynamic},
    {"parsejson", "(text: text) -> dynamic", kConvert, kToDynamic},
    {"tobool", "(value: any) -> bool", kConvert,
     "The value as bool: numbers other than 0 and the word true are true; null for no bool."},
    {"toboolean", "(value: any) -> bool", kConvert,
     "The value as bool: numbers other than 0 and the word true are true; null for no bool."},
    {"todatetime", "(value: any) -> datetime", kConvert, "The value as datetime; null for none."},
    {"todecimal", "(value: any) -> decimal", kConvert, "The value as decimal; null for none."},
    {"todouble", "(value: any) -> real", kConvert, "The value as real; null for none."},
    {"todynamic", "(text: string) -> dynamic", kConvert, kToDynamic},
    {"toguid", "(value: text) -> guid", kConvert, "The text as guid; null for none."},
    {"tohex", "(value: int, minLength: long = 0) -> string", {"wardian_int_to_hex"}, kToHex},
    {"tohex", "(value: long, minLength: long = 0) -> string", {"wardian_tohex"}, kToHex},
    {"toint", "(value: any) -> int", kConvert, "The value as int, reals cut towards zero; null for none."},
    {"tolong", "(value: any) -> long", kConvert, "The value as long, reals cut towards zero; null for none."},
    {"toobject", "(text: string) -> dynamic", kConvert, kToDynamic},
    {"toreal", "(value: any) -> real", kConvert, "The value as real; null for none."},
    {"tostring", "(value: any) -> string", kConvert, "The value's text; '' of null."},
    {"totime", "(value: any) -> timespan", kConvert, "The value as timespan; null for none."},
    {"totimespan", "(value: any) -> timespan", kConvert, "The value as timespan; null for none."},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &KqlFunction::name));

}  // namespace

std::span<const KqlFunction> conversion_functions() { return kFunctions; }

}  // namespace wardian::kql
