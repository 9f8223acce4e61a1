#include <algorithm>
#include <array>

#include "wardian/kql/operators/operator_rows.h"

namespace wardian::kql {
namespace {

constexpr auto kOperators = std::to_array<OperatorRow>({
    {"!=", "A != B", "True where the values differ, by the case of letters too."},
    {"!between", "A !between (LOW .. HIGH)", "True where the value lies below LOW or above HIGH."},
    {"!contains", "TEXT !contains PART", "True where the text does not hold the part, whatever the case of letters."},
    {"!contains_cs", "TEXT !contains_cs PART", "True where the text does not hold the part."},
    {"!endswith", "TEXT !endswith END", "True where the text does not end so, whatever the case of letters."},
    {"!endswith_cs", "TEXT !endswith_cs END", "True where the text does not end so."},
    {"!has", "TEXT !has TERM", "True where the term is no whole word of the text, whatever the case of letters."},
    {"!has_cs", "TEXT !has_cs TERM", "True where the term is no whole word of the text."},
    {"!hasprefix", "TEXT !hasprefix BEGINNING", "True where no word of the text begins so, whatever the case of letters."},
    {"!hasprefix_cs", "TEXT !hasprefix_cs BEGINNING", "True where no word of the text begins so."},
    {"!hassuffix", "TEXT !hassuffix END", "True where no word of the text ends so, whatever the case of letters."},
    {"!hassuffix_cs", "TEXT !hassuffix_cs END", "True where no word of the text ends so."},
    {"!in", "A !in (B, …)  or  !in (TABLE)", "True where the value is none of those listed."},
    {"!in~", "TEXT !in~ (B, …)  or  !in~ (TABLE)", "True where the text is none of those listed, whatever the case of letters."},
    {"!startswith", "TEXT !startswith BEGINNING", "True where the text does not begin so, whatever the case of letters."},
    {"!startswith_cs", "TEXT !startswith_cs BEGINNING", "True where the text does not begin so."},
    {"!~", "A !~ B", "True where two texts differ, whatever the case of letters."},
    {"%", "A % B", "The remainder of a division, never below zero for a divisor above it."},
    {"*", "A * B", "The product of two numbers, or of a timespan and a number."},
    {"+", "A + B", "The sum of numbers or timespans, or a datetime moved on by a timespan."},
    {"-", "A - B", "The difference of numbers, timespans or datetimes, or a datetime moved back by a timespan."},
    {"/", "A / B", "The quotient; of two whole numbers a whole number, of two timespans a real."},
    {"<", "A < B", "True where the first value is less."},
    {"<=", "A <= B", "True where the first value is less or equal."},
    {"==", "A == B", "True where the values are equal, by the case of letters too."},
    {"=~", "A =~ B", "True where two texts are equal, whatever the case of letters."},
    {">", "A > B", "True where the first value is greater."},
    {">=", "A >= B", "True where the first value is greater or equal."},
    {"and", "A and B", "True where both hold."},
    {"between", "A between (LOW .. HIGH)",
     "True where the value lies from LOW to HIGH, both included; after a datetime HIGH may be a timespan."},
    {"contains", "TEXT contains PART", "True where the text holds the part, whatever the case of letters."},
    {"contains_cs", "TEXT contains_cs PART", "True where the text holds the part."},
    {"endswith", "TEXT endswith END", "True where the text ends so, whatever the case of letters."},
    {"endswith_cs", "TEXT endswith_cs END", "True where the text ends so."},
    {"has", "TEXT has TERM", "True where the term is a whole word of the text, whatever the case of letters."},
    {"has_all", "TEXT has_all (TERM, …)  or  has_all (ARRAY)",
     "True where all the terms are words of the text, whatever the case of letters."},
    {"has_any", "TEXT has_any (TERM, …)  or  has_any (ARRAY)",
     "True where one of the terms is a word of the text, whatever the case of letters."},
    {"has_cs", "TEXT has_cs TERM", "True where the term is a whole word of the text."},
    {"hasprefix", "TEXT hasprefix BEGINNING", "True where a word of the text begins so, whatever the case of letters."},
    {"hasprefix_cs", "TEXT hasprefix_cs BEGINNING", "True where a word of the text begins so."},
    {"hassuffix", "TEXT hassuffix END", "True where a word of the text ends so, whatever the case of letters."},
    {"hassuffix_cs", "TEXT hassuffix_cs END", "True where a word of the text ends so."},
    {"in", "A in (B, …)  or  in (TABLE)", "True where the value is one of those listed."},
    {"in~", "TEXT in~ (B, …)  or  in~ (TABLE)", "True where the text is one of those listed, whatever the case of letters."},
    {"matches regex", "TEXT matches regex PATTERN", "True where the regular expression matches a part of the text."},
    {"or", "A or B", "True where one of the two holds."},
    {"startswith", "TEXT startswith BEGINNING", "True where the text begins so, whatever the case of letters."},
    {"startswith_cs", "TEXT startswith_cs BEGINNING", "True where the text begins so."},
});
static_assert(std::ranges::is_sorted(kOperators, {}, &OperatorRow::name));

}  // namespace

std::span<const OperatorRow> scalar_operators() { return kOperators; }

}  // namespace wardian::kql
