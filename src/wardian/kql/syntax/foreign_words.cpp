#include "wardian/kql/syntax/foreign_words.h"

#include <algorithm>
#include <array>
#include <span>

namespace wardian::kql::syntax {
namespace {

struct Word {
  std::string_view word;
  std::string_view hint;
};

constexpr char kSummarize[] = "Use summarize … by …", kReadOnly[] = "A query does not change data",
               kFromTable[] = "A query begins with its table: T | where … | project …",
               kJoin[] = "The kind of a join stands behind it: join kind=leftouter (…) on …",
               kCase[] = "Use case(condition, value, …, otherwise)", kRegex[] = "Use matches regex",
               kLike[] = "Use contains, has, startswith, endswith or matches regex",
               kNegate[] = "!in, !has, !contains and !between negate; not(…) negates a condition",
               kNull[] = "Use isnull(x), isempty(x) or isnotnull(x)",
               kWindow[] = "Use sort, then prev(), next(), row_cumsum(), …";

constexpr Word kOperators[] = {
    {"cross", kJoin},
    {"delete", kReadOnly},
    {"drop", "Use project-away"},
    {"eval", "Use extend"},
    {"from", kFromTable},
    {"full", kJoin},
    {"group by", kSummarize},
    {"group", kSummarize},
    {"groupby", kSummarize},
    {"having", "Use where after summarize"},
    {"head", "Use take"},
    {"inner", kJoin},
    {"insert", kReadOnly},
    {"left", kJoin},
    {"orderby", "Use sort by or order by"},
    {"outer", kJoin},
    {"rename", "Use project-rename"},
    {"right", kJoin},
    {"select", "Use project to choose columns, where to choose rows"},
    {"stats", "Use summarize"},
    {"update", kReadOnly},
};

constexpr Word kConnectives[] = {
    {"as", "A | is missing before as? A column's name stands before its value: name = value"},
    {"ascending", "The order is asc or desc"},
    {"descending", "The order is asc or desc"},
    {"div", "Use / to divide"},
    {"else", kCase},
    {"end", kCase},
    {"from", kFromTable},
    {"group", "The keys stand behind by: summarize sum(x) by a"},
    {"ilike", kLike},
    {"is", kNull},
    {"like", kLike},
    {"matches", kRegex},
    {"matchesregex", kRegex},
    {"mod", "Use % for the remainder"},
    {"not", kNegate},
    {"offset", "Rows have numbers after sort: extend n = row_number() | where n > 5"},
    {"over", kWindow},
    {"regexp", kRegex},
    {"rlike", kRegex},
    {"then", kCase},
    {"using", "The keys of a join stand behind on: join (T) on a"},
    {"when", kCase},
};

constexpr Word kTypes[] = {
    {"array", "Use dynamic"},       {"bigint", "Use long"},         {"char", "Use string"},       {"duration", "Use timespan"},
    {"float", "Use real"},          {"integer", "Use int or long"}, {"interval", "Use timespan"}, {"json", "Use dynamic"},
    {"number", "Use long or real"}, {"numeric", "Use decimal"},     {"object", "Use dynamic"},    {"str", "Use string"},
    {"text", "Use string"},         {"timestamp", "Use datetime"},  {"varchar", "Use string"},
};

std::string_view hint_of(std::span<const Word> words, std::string_view word) {
  const auto at = std::ranges::find(words, word, &Word::word);
  return at == words.end() ? std::string_view() : at->hint;
}

}  // namespace

std::string_view foreign_operator_hint(std::string_view word) { return hint_of(kOperators, word); }
std::string_view foreign_connective_hint(std::string_view word) { return hint_of(kConnectives, word); }
std::string_view foreign_type_hint(std::string_view word) { return hint_of(kTypes, word); }

}  // namespace wardian::kql::syntax
