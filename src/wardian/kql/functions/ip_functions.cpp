#include <algorithm>
#include <array>

#include "wardian/kql/functions/function_families.h"
#include "wardian/kql/functions/value_forms.h"

namespace wardian::kql {
namespace {

constexpr char kHas[] = "wardian_has_any_ipv4", kHasPrefix[] = "wardian_has_any_ipv4_prefix",
               kInRange4[] = "wardian_ipv4_is_in_any_range", kInRange6[] = "wardian_ipv6_is_in_any_range",
               kFormat[] = "wardian_format_ipv4", kFormatMask[] = "wardian_format_ipv4_mask",
               kFormatNumber[] = "wardian_format_ipv4_of_number", kFormatNumberMask[] = "wardian_format_ipv4_mask_of_number";

/// A text, and one array of all that it is compared with.
template <const char* function>
sql::ExprPtr with_list(const CallSite& site) {
  std::vector<sql::ExprPtr> listed;
  for (std::size_t at = 1; at < site.arguments.size(); ++at) listed.push_back(json_argument(site, at));
  const bool is_list = listed.size() == 1 && site.type(1) == Type::dynamic;
  sql::ExprPtr list = is_list ? listed.front() : sql::call("wardian_array_pack", std::move(listed));
  return sql::call(function, {text_argument(site, 0), std::move(list)});
}

/// An address as text or as a number; what is neither is no address.
template <const char* of_text, const char* of_number>
sql::ExprPtr format(const CallSite& site) {
  if (columnar::is_integer(site.type(0))) {
    return sql::call(of_number, {sql::cast(site.arguments[0], "BIGINT"), site.arguments[1]});
  }
  return sql::call(of_text, {text_argument(site, 0), site.arguments[1]});
}

constexpr char kHasAny[] = "Whether the text has one of the valid addresses, set apart from letters and digits.";
constexpr char kHasAnyPrefix[] =
    "Whether the text has an address that begins as one of the prefixes: a whole address, or leading numbers with a point at "
    "the end.";
constexpr char kInAny[] =
    "Whether the address lies in one of the ranges; null where the address, or the range that may decide, is none.";

constexpr auto kFunctions = std::to_array<KqlFunction>({
    {"format_ipv4",
     "(ip: any, prefix: long = 32) -> string",
     {"", &format<kFormat, kFormatNumber>},
     "The network address, of a text or a number, that so many leading bits leave; '' for none."},
    {"format_ipv4_mask",
     "(ip: any, prefix: long) -> string",
     {"", &format<kFormatMask, kFormatNumberMask>},
     "The same with its suffix behind a slash."},
    {"has_any_ipv4", "(source: text, ip: string, ips: string...) -> bool", {"", &with_list<kHas>}, kHasAny},
    {"has_any_ipv4", "(source: text, ips: dynamic) -> bool", {"", &with_list<kHas>}, kHasAny},
    {"has_any_ipv4_prefix",
     "(source: text, ip_prefix: string, ip_prefixes: string...) -> bool",
     {"", &with_list<kHasPrefix>},
     kHasAnyPrefix},
    {"has_any_ipv4_prefix", "(source: text, ip_prefixes: dynamic) -> bool", {"", &with_list<kHasPrefix>}, kHasAnyPrefix},
    {"has_ipv4",
     "(source: text, ip: string) -> bool",
     {"", &with_list<kHas>},
     "Whether the text has the valid address, set apart from letters and digits."},
    {"has_ipv4_prefix",
     "(source: text, ip_prefix: string) -> bool",
     {"", &with_list<kHasPrefix>},
     "Whether the text has an address that begins so: 192.168. or a whole address."},
    {"ipv4_compare",
     "(ip1: string, ip2: string, prefix: long = 32) -> long",
     {"wardian_ipv4_compare"},
     "-1, 0 or 1 as the first comes before, equals or follows the second, by the leading bits that the shortest suffix says; "
     "null "
     "for no address."},
    {"ipv4_is_in_any_range", "(ip: text, range: string, ranges: string...) -> bool", {"", &with_list<kInRange4>}, kInAny},
    {"ipv4_is_in_any_range", "(ip: text, ranges: dynamic) -> bool", {"", &with_list<kInRange4>}, kInAny},
    {"ipv4_is_in_range",
     "(ip: string, ip_range: string) -> bool",
     {"wardian_ipv4_is_in_range"},
     "Whether the address lies in the range; null where one of both is none."},
    {"ipv4_is_match",
     "(ip1: string, ip2: string, prefix: long = 32) -> bool",
     {"wardian_ipv4_is_match"},
     "Whether both are the same by the leading bits that the shortest suffix says; null for no address."},
    {"ipv4_is_private",
     "(ip: string) -> bool",
     {"wardian_ipv4_is_private"},
     "Whether the address is one of a private network (RFC 1918); null for no address."},
    {"ipv4_netmask_suffix",
     "(ip: string) -> long",
     {"wardian_ipv4_netmask_suffix"},
     "The number behind the slash, 32 where there is none; null for no address."},
    {"ipv4_range_to_cidr_list",
     "(start_ip: string, end_ip: string) -> dynamic",
     {"wardian_ipv4_range_to_cidr_list"},
     "The fewest ranges that hold all addresses from one to the other; null when there are none."},
    {"ipv6_compare",
     "(ip1: string, ip2: string, prefix: long = 128) -> long",
     {"wardian_ipv6_compare"},
     "-1, 0 or 1 as the first comes before, equals or follows the second, by the leading bits that the shortest suffix says; "
     "null "
     "for no address."},
    {"ipv6_is_in_any_range", "(ip: text, range: string, ranges: string...) -> bool", {"", &with_list<kInRange6>}, kInAny},
    {"ipv6_is_in_any_range", "(ip: text, ranges: dynamic) -> bool", {"", &with_list<kInRange6>}, kInAny},
    {"ipv6_is_in_range",
     "(ip: string, ip_range: string) -> bool",
     {"wardian_ipv6_is_in_range"},
     "Whether the address lies in the range; null where one of both is none."},
    {"ipv6_is_match",
     "(ip1: string, ip2: string, prefix: long = 128) -> bool",
     {"wardian_ipv6_is_match"},
     "Whether both are the same by the leading bits that the shortest suffix says; null for no address."},
    {"parse_ipv4",
     "(ip: string) -> long",
     {"",
      [](const CallSite& site) {
        return sql::call("wardian_parse_ipv4_mask", {site.arguments[0], sql::cast(sql::integer(32), "BIGINT")});
      }},
     "The address as a number, its bits behind the suffix cleared; null for none."},
    {"parse_ipv4_mask",
     "(ip: string, prefix: long) -> long",
     {"wardian_parse_ipv4_mask"},
     "The address as a number, by the shorter of both suffixes; null for none."},
    {"parse_ipv6",
     "(ip: string) -> string",
     {"",
      [](const CallSite& site) {
        return sql::call("wardian_parse_ipv6_mask", {site.arguments[0], sql::cast(sql::integer(128), "BIGINT")});
      }},
     "The address written in full, an IPv4 address as ::ffff:a.b.c.d, its bits behind the suffix cleared; '' for none."},
    {"parse_ipv6_mask",
     "(ip: string, prefix: long) -> string",
     {"wardian_parse_ipv6_mask"},
     "The address written in full, by the shorter of both suffixes; '' for none."},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &KqlFunction::name));

}  // namespace

std::span<const KqlFunction> ip_functions() { return kFunctions; }

}  // namespace wardian::kql
