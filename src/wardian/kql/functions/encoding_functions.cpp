#include <algorithm>
#include <array>

#include "wardian/kql/functions/function_families.h"
#include "wardian/kql/functions/value_forms.h"

namespace wardian::kql {
namespace {

sql::ExprPtr decode_guid(const CallSite& site) {
  return sql::try_cast(sql::call("wardian_guid_text_of_base64", {site.arguments[0]}), "UUID");
}
sql::ExprPtr encode_guid(const CallSite& site) {
  return never_null(sql::call("wardian_base64_of_guid", {sql::cast(site.arguments[0], "VARCHAR")}));
}
sql::ExprPtr encode_bytes(const CallSite& site) { return never_null(sql::call("wardian_base64_of_bytes", {site.arguments[0]})); }
sql::ExprPtr new_guid(const CallSite&) { return sql::call("uuid", {}); }

constexpr auto kFunctions = std::to_array<KqlFunction>({
    {"base64_decode_toarray",
     "(base64: string) -> dynamic",
     {"wardian_bytes_of_base64"},
     "The decoded bytes as an array; null for no base64."},
    {"base64_decode_toguid", "(base64: string) -> guid", {"", &decode_guid}, "The decoded guid; null for none."},
    {"base64_decode_tostring",
     "(base64: string) -> string",
     {"wardian_text_of_base64"},
     "The decoded text; '' for no base64 or no UTF-8."},
    {"base64_decodestring",
     "(base64: string) -> string",
     {"wardian_text_of_base64"},
     "The decoded text; '' for no base64 or no UTF-8."},
    {"base64_encode_fromarray",
     "(bytes: dynamic) -> string",
     {"", &encode_bytes},
     "The bytes in base64; '' when there is a value outside 0 to 255."},
    {"base64_encode_fromguid", "(guid: guid) -> string", {"", &encode_guid}, "The guid's bytes in base64; '' of null."},
    {"base64_encode_tostring", "(text: string) -> string", {"wardian_base64_of_text"}, "The text's UTF-8 in base64."},
    {"base64_encodestring", "(text: string) -> string", {"wardian_base64_of_text"}, "The text's UTF-8 in base64."},
    {"gzip_compress_to_base64_string",
     "(text: string) -> string",
     {"wardian_gzip_base64"},
     "The text as a gzip stream in base64."},
    {"gzip_decompress_from_base64_string",
     "(text: string) -> string",
     {"wardian_gunzip_base64"},
     "The text of a gzip stream in base64; '' for none."},
    {"new_guid", "() -> guid", {"", &new_guid}, "A random guid, another one for each row."},
    {"punycode_domain_from_string",
     "(domain: string) -> string",
     {"wardian_punycode_decode_domain"},
     "The domain with its xn-- labels decoded; '' for broken ones."},
    {"punycode_domain_to_string",
     "(domain: string) -> string",
     {"wardian_punycode_encode_domain"},
     "The domain with its labels encoded where they need it."},
    {"punycode_from_string", "(text: string) -> string", {"wardian_punycode_encode"}, "The text in Punycode."},
    {"punycode_to_string",
     "(text: string) -> string",
     {"wardian_punycode_decode"},
     "The text of a Punycode string; '' for a broken one."},
    {"url_decode", "(url: string) -> string", {"wardian_url_decode"}, "The text of a percent-encoded one; + is a blank."},
    {"url_encode", "(url: string) -> string", {"wardian_url_encode"}, "The text percent-encoded, a blank as +."},
    {"url_encode_component",
     "(url: string) -> string",
     {"wardian_url_encode_component"},
     "The text percent-encoded, a blank as %20."},
    {"zlib_compress_to_base64_string",
     "(text: string) -> string",
     {"wardian_deflate_base64"},
     "The text as a zlib stream in base64."},
    {"zlib_decompress_from_base64_string",
     "(text: string) -> string",
     {"wardian_inflate_base64"},
     "The text of a zlib stream in base64; '' for none."},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &KqlFunction::name));

}  // namespace

std::span<const KqlFunction> encoding_functions() { return kFunctions; }

}  // namespace wardian::kql
