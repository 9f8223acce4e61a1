#include "wardian/kql/functions/value_forms.h"
#include "wardian/kql/operator_table.h"

namespace wardian::kql {
namespace {

using sql::ExprPtr;

ExprPtr text(const CallSite& site, std::size_t argument) { return text_argument(site, argument); }
ExprPtr folded(const CallSite& site, std::size_t argument) { return sql::call("lower", {text(site, argument)}); }

/// `function`(a, b), with case or without, as it is or negated.
template <const char* function, bool with_case, bool negated>
ExprPtr search(const CallSite& site) {
  ExprPtr a = with_case ? text(site, 0) : folded(site, 0);
  ExprPtr b = with_case ? text(site, 1) : folded(site, 1);
  ExprPtr found = sql::call(function, {std::move(a), std::move(b)});
  return negated ? sql::logical_not(std::move(found)) : found;
}
constexpr char kContains[] = "contains", kStartsWith[] = "starts_with", kEndsWith[] = "ends_with";

template <bool negated>
ExprPtr same_but_for_case(const CallSite& site) {
  return sql::binary(negated ? "<>" : "=", folded(site, 0), folded(site, 1));
}

bool is_term_character(unsigned char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

std::string escaped(std::string_view text) {
  std::string made;
  for (const char c : text) {
    if (!is_term_character(static_cast<unsigned char>(c))) made += '\\';
    made += c;
  }
  return made;
}

constexpr char kBefore[] = "(?:^|[^\\p{L}\\p{N}])";
constexpr char kAfter[] = "(?:$|[^\\p{L}\\p{N}])";

/// Terms are the longest runs of letters and digits. `has` finds its text where it is not cut out of a longer term,
/// hasprefix where a term begins, hassuffix where one ends. An end of the text that is no term character sets no bound.
ExprPtr term_search(const CallSite& site, bool with_case, bool whole_start, bool whole_end) {
  const ExprPtr haystack = text(site, 0);
  const std::string flags = with_case ? "(?s)" : "(?is)";
  if (const columnar::Value* value = site.constant(1); value != nullptr && value->type == Type::string) {
    const std::string& needle = std::get<std::string>(value->held);
    if (needle.empty()) return sql::boolean(true);
    std::string pattern = flags;
    if (whole_start && is_term_character(static_cast<unsigned char>(needle.front()))) pattern += kBefore;
    pattern += escaped(needle);
    if (whole_end && is_term_character(static_cast<unsigned char>(needle.back()))) pattern += kAfter;
    return sql::call("regexp_matches", {haystack, sql::string(std::move(pattern))});
  }
  const ExprPtr needle = text(site, 1);
  const auto bound = [&](const char* where, const char* edge) {
    return sql::if_else(sql::call("regexp_matches", {needle, sql::string(edge)}), sql::string(where), sql::string(""));
  };
  ExprPtr pattern = sql::string(flags);
  if (whole_start) pattern = sql::binary("||", pattern, bound(kBefore, "^[\\p{L}\\p{N}]"));
  pattern = sql::binary("||", pattern, sql::call("regexp_escape", {needle}));
  if (whole_end) pattern = sql::binary("||", pattern, bound(kAfter, "[\\p{L}\\p{N}]$"));
  return sql::call("regexp_matches", {haystack, std::move(pattern)});
}

template <bool with_case, bool whole_start, bool whole_end, bool negated>
ExprPtr terms(const CallSite& site) {
  ExprPtr found = term_search(site, with_case, whole_start, whole_end);
  return negated ? sql::logical_not(std::move(found)) : found;
}

ExprPtr matches_regex(const CallSite& site) { return sql::call("wardian_matches_regex", {text(site, 0), text(site, 1)}); }

#define WARDIAN_TEXT_ROWS(spelling, ...)                                   \
  {spelling, "(a: string, b: string) -> bool", {"", &__VA_ARGS__}},        \
      {spelling, "(a: dynamic, b: string) -> bool", {"", &__VA_ARGS__}},   \
      {spelling, "(a: string, b: dynamic) -> bool", {"", &__VA_ARGS__}}, { \
    spelling, "(a: dynamic, b: dynamic) -> bool", { "", &__VA_ARGS__ }     \
  }

constexpr KqlOperator kString[] = {
    WARDIAN_TEXT_ROWS("!contains", search<kContains, false, true>),
    WARDIAN_TEXT_ROWS("!contains_cs", search<kContains, true, true>),
    WARDIAN_TEXT_ROWS("!endswith", search<kEndsWith, false, true>),
    WARDIAN_TEXT_ROWS("!endswith_cs", search<kEndsWith, true, true>),
    WARDIAN_TEXT_ROWS("!has", terms<false, true, true, true>),
    WARDIAN_TEXT_ROWS("!has_cs", terms<true, true, true, true>),
    WARDIAN_TEXT_ROWS("!hasprefix", terms<false, true, false, true>),
    WARDIAN_TEXT_ROWS("!hasprefix_cs", terms<true, true, false, true>),
    WARDIAN_TEXT_ROWS("!hassuffix", terms<false, false, true, true>),
    WARDIAN_TEXT_ROWS("!hassuffix_cs", terms<true, false, true, true>),
    WARDIAN_TEXT_ROWS("!startswith", search<kStartsWith, false, true>),
    WARDIAN_TEXT_ROWS("!startswith_cs", search<kStartsWith, true, true>),
    WARDIAN_TEXT_ROWS("!~", same_but_for_case<true>),
    WARDIAN_TEXT_ROWS("=~", same_but_for_case<false>),
    WARDIAN_TEXT_ROWS("contains", search<kContains, false, false>),
    WARDIAN_TEXT_ROWS("contains_cs", search<kContains, true, false>),
    WARDIAN_TEXT_ROWS("endswith", search<kEndsWith, false, false>),
    WARDIAN_TEXT_ROWS("endswith_cs", search<kEndsWith, true, false>),
    WARDIAN_TEXT_ROWS("has", terms<false, true, true, false>),
    WARDIAN_TEXT_ROWS("has_cs", terms<true, true, true, false>),
    WARDIAN_TEXT_ROWS("hasprefix", terms<false, true, false, false>),
    WARDIAN_TEXT_ROWS("hasprefix_cs", terms<true, true, false, false>),
    WARDIAN_TEXT_ROWS("hassuffix", terms<false, false, true, false>),
    WARDIAN_TEXT_ROWS("hassuffix_cs", terms<true, false, true, false>),
    {"matches regex", "(a: string, b: regex string) -> bool", {"", &matches_regex}},
    {"matches regex", "(a: dynamic, b: regex string) -> bool", {"", &matches_regex}},
    {"matches regex", "(a: string, b: dynamic) -> bool", {"", &matches_regex}},
    {"matches regex", "(a: dynamic, b: dynamic) -> bool", {"", &matches_regex}},
    WARDIAN_TEXT_ROWS("notcontains", search<kContains, false, true>),
    WARDIAN_TEXT_ROWS("startswith", search<kStartsWith, false, false>),
    WARDIAN_TEXT_ROWS("startswith_cs", search<kStartsWith, true, false>),
};

#undef WARDIAN_TEXT_ROWS

}  // namespace

std::span<const KqlOperator> string_operators() { return kString; }

}  // namespace wardian::kql
