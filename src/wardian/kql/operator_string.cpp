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
constexpr char kContainsCs[] = "contains", kStartsWith[] = "starts_with", kEndsWith[] = "ends_with";

template <bool negated>
ExprPtr same_but_for_case(const CallSite& site) {
  return sql::binary(negated ? "<>" : "=", folded(site, 0), folded(site, 1));
}

/// Terms are the longest runs of letters and digits. `has` finds its text where it is not cut out of a longer term,
/// hasprefix where a term begins, hassuffix where one ends. An end of the text that is no term character sets no bound.
template <const char* function, bool negated>
ExprPtr terms(const CallSite& site) {
  ExprPtr found = sql::call(function, {text(site, 0), text(site, 1)});
  return negated ? sql::logical_not(std::move(found)) : found;
}
constexpr char kContains[] = "wardian_contains", kHas[] = "wardian_has", kHasCs[] = "wardian_has_cs",
               kHasPrefix[] = "wardian_hasprefix", kHasPrefixCs[] = "wardian_hasprefix_cs", kHasSuffix[] = "wardian_hassuffix",
               kHasSuffixCs[] = "wardian_hassuffix_cs";

ExprPtr matches_regex(const CallSite& site) { return sql::call("wardian_matches_regex", {text(site, 0), text(site, 1)}); }

#define WARDIAN_TEXT_ROWS(spelling, ...)                                   \
  {spelling, "(a: string, b: string) -> bool", {"", &__VA_ARGS__}},        \
      {spelling, "(a: dynamic, b: string) -> bool", {"", &__VA_ARGS__}},   \
      {spelling, "(a: string, b: dynamic) -> bool", {"", &__VA_ARGS__}}, { \
    spelling, "(a: dynamic, b: dynamic) -> bool", { "", &__VA_ARGS__ }     \
  }

constexpr KqlOperator kString[] = {
    WARDIAN_TEXT_ROWS("!contains", terms<kContains, true>),
    WARDIAN_TEXT_ROWS("!contains_cs", search<kContainsCs, true, true>),
    WARDIAN_TEXT_ROWS("!endswith", search<kEndsWith, false, true>),
    WARDIAN_TEXT_ROWS("!endswith_cs", search<kEndsWith, true, true>),
    WARDIAN_TEXT_ROWS("!has", terms<kHas, true>),
    WARDIAN_TEXT_ROWS("!has_cs", terms<kHasCs, true>),
    WARDIAN_TEXT_ROWS("!hasprefix", terms<kHasPrefix, true>),
    WARDIAN_TEXT_ROWS("!hasprefix_cs", terms<kHasPrefixCs, true>),
    WARDIAN_TEXT_ROWS("!hassuffix", terms<kHasSuffix, true>),
    WARDIAN_TEXT_ROWS("!hassuffix_cs", terms<kHasSuffixCs, true>),
    WARDIAN_TEXT_ROWS("!startswith", search<kStartsWith, false, true>),
    WARDIAN_TEXT_ROWS("!startswith_cs", search<kStartsWith, true, true>),
    WARDIAN_TEXT_ROWS("!~", same_but_for_case<true>),
    WARDIAN_TEXT_ROWS("=~", same_but_for_case<false>),
    WARDIAN_TEXT_ROWS("contains", terms<kContains, false>),
    WARDIAN_TEXT_ROWS("contains_cs", search<kContainsCs, true, false>),
    WARDIAN_TEXT_ROWS("endswith", search<kEndsWith, false, false>),
    WARDIAN_TEXT_ROWS("endswith_cs", search<kEndsWith, true, false>),
    WARDIAN_TEXT_ROWS("has", terms<kHas, false>),
    WARDIAN_TEXT_ROWS("has_cs", terms<kHasCs, false>),
    WARDIAN_TEXT_ROWS("hasprefix", terms<kHasPrefix, false>),
    WARDIAN_TEXT_ROWS("hasprefix_cs", terms<kHasPrefixCs, false>),
    WARDIAN_TEXT_ROWS("hassuffix", terms<kHasSuffix, false>),
    WARDIAN_TEXT_ROWS("hassuffix_cs", terms<kHasSuffixCs, false>),
    {"matches regex", "(a: string, b: regex string) -> bool", {"", &matches_regex}},
    {"matches regex", "(a: dynamic, b: regex string) -> bool", {"", &matches_regex}},
    {"matches regex", "(a: string, b: dynamic) -> bool", {"", &matches_regex}},
    {"matches regex", "(a: dynamic, b: dynamic) -> bool", {"", &matches_regex}},
    WARDIAN_TEXT_ROWS("notcontains", terms<kContains, true>),
    WARDIAN_TEXT_ROWS("startswith", search<kStartsWith, false, false>),
    WARDIAN_TEXT_ROWS("startswith_cs", search<kStartsWith, true, false>),
};

#undef WARDIAN_TEXT_ROWS

}  // namespace

std::span<const KqlOperator> string_operators() { return kString; }

}  // namespace wardian::kql
