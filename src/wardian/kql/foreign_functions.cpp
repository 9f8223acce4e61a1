#include "wardian/kql/foreign_functions.h"

#include <algorithm>
#include <string>

namespace wardian::kql {
namespace {

struct Row {
  std::string_view name;  // in lower case
  std::string_view hint;
};

constexpr char kAverage[] = "Use avg(x)", kCast[] = "Use tostring(x), tolong(x), toreal(x), todatetime(x), …",
               kCoalesce[] = "Use coalesce(x, …)", kIff[] = "Use iff(condition, a, b)", kIndexOf[] = "Use indexof(text, lookup)",
               kLength[] = "Use strlen(x)", kList[] = "Use make_list(x)", kNow[] = "Use now()",
               kJoinTexts[] = "Use strcat_array(make_list(x), \",\")", kPart[] = "Use datetime_part(\"Minute\", t)",
               kSubstring[] = "Use substring(text, start, length)", kText[] = "Use tostring(x)", kUnique[] = "Use new_guid()";

// Names that the language itself has are found before these.
constexpr Row kRows[] = {
    {"all", "union keeps all rows: union (…)"},
    {"approx_count_distinct", "Use dcount(x)"},
    {"array_agg", kList},
    {"average", kAverage},
    {"cast", kCast},
    {"ceil", "Use ceiling(x)"},
    {"char_length", kLength},
    {"charindex", kIndexOf},
    {"concat", "Use strcat(a, b)"},
    {"contains", "It is an operator: x contains \"a\""},
    {"convert", kCast},
    {"count_distinct", "Use dcount(x)"},
    {"current_timestamp", kNow},
    {"date", "Use todatetime(text), or startofday(t)"},
    {"date_add", "Use datetime_add(\"day\", 1, t), or t + 1d"},
    {"date_diff", "Use datetime_diff(\"day\", a, b), or a - b"},
    {"date_part", kPart},
    {"date_trunc", "Use startofday(t), startofmonth(t), …, or bin(t, 1h)"},
    {"dateadd", "Use datetime_add(\"day\", 1, t), or t + 1d"},
    {"datediff", "Use datetime_diff(\"day\", a, b), or a - b"},
    {"day", "Use dayofmonth(t)"},
    {"distinct", "Use dcount(x), or the operator distinct"},
    {"exists", "Use x in (T | project a), or join kind=leftsemi (T) on a"},
    {"first", "Use take_any(x), or arg_min(t, x)"},
    {"float", "Use toreal(x)"},
    {"format", "Use tostring(x), or format_datetime(t, \"yyyy-MM-dd\")"},
    {"getdate", kNow},
    {"greatest", "Use max_of(a, b)"},
    {"group_concat", kJoinTexts},
    {"hour", "Use hourofday(t)"},
    {"if", kIff},
    {"if_else", kIff},
    {"ifelse", kIff},
    {"ifnull", kCoalesce},
    {"instr", kIndexOf},
    {"isdate", "Use isnotnull(todatetime(x))"},
    {"isnumeric", "Use isnotnull(toreal(x))"},
    {"json_extract", "Use parse_json(x).a.b"},
    {"json_value", "Use parse_json(x).a.b"},
    {"lag", "Use prev(x) after sort"},
    {"last", "Use arg_max(t, x)"},
    {"lead", "Use next(x) after sort"},
    {"least", "Use min_of(a, b)"},
    {"left", "Use substring(text, 0, length); of joins: join kind=leftouter (…) on …"},
    {"len", kLength},
    {"length", kLength},
    {"listagg", kJoinTexts},
    {"ln", "Use log(x)"},
    {"locate", kIndexOf},
    {"lower", "Use tolower(x)"},
    {"ltrim", "Use trim_start(regex, text)"},
    {"mean", kAverage},
    {"median", "Use percentile(x, 50)"},
    {"minute", kPart},
    {"month", "Use monthofyear(t)"},
    {"newid", kUnique},
    {"nullif", kIff},
    {"nunique", "Use dcount(x)"},
    {"nvl", kCoalesce},
    {"power", "Use pow(x, y)"},
    {"random", "Use rand()"},
    {"regexp_extract", "Use extract(regex, group, text)"},
    {"regexp_matches", "Use the operator matches regex"},
    {"regexp_replace", "Use replace_regex(text, regex, rewrite)"},
    {"right", "Use substring(text, -length); of joins: join kind=rightouter (…) on …"},
    {"rtrim", "Use trim_end(regex, text)"},
    {"second", kPart},
    {"startswith", "It is an operator: x startswith \"a\""},
    {"std", "Use stdev(x)"},
    {"stddev", "Use stdev(x)"},
    {"str", kText},
    {"string_agg", kJoinTexts},
    {"strpos", kIndexOf},
    {"substr", kSubstring},
    {"sysdate", kNow},
    {"to_char", "Use format_datetime(t, \"yyyy-MM-dd\")"},
    {"to_date", "Use todatetime(text)"},
    {"to_timestamp", "Use todatetime(text), or unixtime_seconds_todatetime(x)"},
    {"unix_timestamp", "Use datetime_diff(\"second\", t, datetime(1970-01-01))"},
    {"upper", "Use toupper(x)"},
    {"utcnow", kNow},
    {"uuid", kUnique},
    {"uuid_generate_v4", kUnique},
    {"var", "Use variance(x)"},
    {"year", "Use getyear(t)"},
};
static_assert(std::ranges::is_sorted(kRows, {}, &Row::name));

}  // namespace

std::string_view foreign_function_hint(std::string_view name) {
  std::string small(name);
  for (char& c : small) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  const auto* at = std::ranges::lower_bound(kRows, small, {}, &Row::name);
  return at != std::end(kRows) && at->name == small ? at->hint : std::string_view();
}

}  // namespace wardian::kql
