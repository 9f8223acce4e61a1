#include <algorithm>
#include <array>

#include "wardian/kql/functions/function_families.h"
#include "wardian/kql/functions/value_forms.h"

// Bits and hashes.
namespace wardian::kql {
namespace {

constexpr char kAnd[] = "&", kOr[] = "|";
template <const char* op>
sql::ExprPtr bitwise(const CallSite& site) {
  return sql::binary(op, site.arguments[0], site.arguments[1]);
}
/// The engine's xor() is a function, not an operator.
sql::ExprPtr bitwise_not(const CallSite& site) {
  return sql::call("xor", {site.arguments[0], sql::cast(sql::integer(-1), "BIGINT")});
}

sql::ExprPtr hash_of(const CallSite& site, std::size_t argument) {
  const sql::ExprPtr& value = site.arguments[argument];
  switch (site.type(argument)) {
    case Type::boolean: return sql::call("wardian_hash_bool", {value});
    case Type::int32: return sql::call("wardian_hash_int", {value});
    case Type::int64:
    case Type::datetime:
    case Type::timespan: return sql::call("wardian_hash_long", {value});
    case Type::real: return sql::call("wardian_hash_real", {value});
    case Type::decimal:
    case Type::string:
    case Type::dynamic:
    case Type::guid: break;
  }
  return sql::call("wardian_hash_text", {text_argument(site, argument)});
}
sql::ExprPtr hash(const CallSite& site) {
  sql::ExprPtr made = hash_of(site, 0);
  if (site.arguments.size() < 2) return made;
  return sql::call("wardian_hash_modulo", {std::move(made), site.arguments[1]});
}
/// The hashes folded from left to right.
sql::ExprPtr combined(std::vector<sql::ExprPtr> hashes) {
  sql::ExprPtr made = std::move(hashes.front());
  for (std::size_t at = 1; at < hashes.size(); ++at) {
    made = sql::call("wardian_hash_combine", {std::move(made), std::move(hashes[at])});
  }
  return made;
}
sql::ExprPtr hash_combine(const CallSite& site) {
  std::vector<sql::ExprPtr> hashes;
  for (std::size_t at = 0; at < site.arguments.size(); ++at) {
    hashes.push_back(to_type(site.arguments[at], site.type(at), Type::int64));
  }
  return combined(std::move(hashes));
}
sql::ExprPtr hash_many(const CallSite& site) {
  std::vector<sql::ExprPtr> hashes;
  for (std::size_t at = 0; at < site.arguments.size(); ++at) hashes.push_back(hash_of(site, at));
  return combined(std::move(hashes));
}
template <const char* function>
sql::ExprPtr digest(const CallSite& site) {
  return sql::call(function, {text_argument(site, 0)});
}
constexpr char kMd5[] = "md5", kSha1[] = "sha1", kSha256[] = "sha256";

constexpr char kHash[] = "xxHash64 of the value, by the modulus if there is one.";

constexpr auto kFunctions = std::to_array<KqlFunction>({
    {"binary_and", "(a: long, b: long) -> long", {"", &bitwise<kAnd>}, "Bits set in both."},
    {"binary_not", "(a: long) -> long", {"", &bitwise_not}, "Every bit turned round."},
    {"binary_or", "(a: long, b: long) -> long", {"", &bitwise<kOr>}, "Bits set in either."},
    {"binary_shift_left",
     "(value: long, shift: long) -> long",
     {"wardian_shift_left"},
     "Bits moved up, modulo 64; null for a negative shift."},
    {"binary_shift_right",
     "(value: long, shift: long) -> long",
     {"wardian_shift_right"},
     "Bits moved down, modulo 64; null for a negative shift."},
    {"binary_xor", "(a: long, b: long) -> long", {"xor"}, "Bits set in one of both."},
    {"bitset_count_ones", "(value: long) -> long", {"wardian_count_ones"}, "How many bits are set."},
    {"hash", "(value: plain) -> long", {"", &hash}, kHash},
    {"hash", "(value: plain, modulus: long) -> long", {"", &hash}, kHash},
    {"hash_combine",
     "(hash: any, more: any, hashes: any...) -> long",
     {"", &hash_combine},
     "One hash of several, which their order tells as well; null where one is no number."},
    {"hash_many", "(value: plain, values: plain...) -> long", {"", &hash_many}, "hash_combine() of the hashes of the values."},
    {"hash_md5", "(value: plain) -> string", {"", &digest<kMd5>}, "MD5 of the value's text, in hexadecimal."},
    {"hash_sha1", "(value: plain) -> string", {"", &digest<kSha1>}, "SHA-1 of the value's text, in hexadecimal."},
    {"hash_sha256", "(value: plain) -> string", {"", &digest<kSha256>}, "SHA-256 of the value's text, in hexadecimal."},
    {"hash_xxhash64", "(value: plain) -> long", {"", &hash}, kHash},
    {"hash_xxhash64", "(value: plain, modulus: long) -> long", {"", &hash}, kHash},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &KqlFunction::name));

}  // namespace

std::span<const KqlFunction> binary_functions() { return kFunctions; }

}  // namespace wardian::kql
