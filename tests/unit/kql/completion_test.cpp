#include "wardian/kql/completion/complete.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "wardian/kql/completion/colours.h"

/// What is offered at the place of the | in a text that is written with ¦ for the cursor.
namespace wardian::kql {
namespace {

using columnar::Type;

class SomeTables : public Tables {
 public:
  std::string default_database() const override { return "default"; }
  Result<std::optional<plan::NodePtr>> find(std::string_view, std::string_view name) override {
    if (name == "Flights")
      return std::optional(scan("Flights", {{"carrier", Type::string},
                                            {"dep_delay", Type::real},
                                            {"when", Type::datetime},
                                            {"extra", Type::dynamic},
                                            {"odd name", Type::int64}}));
    if (name == "Airlines") return std::optional(scan("Airlines", {{"carrier", Type::string}, {"full_name", Type::string}}));
    return std::optional<plan::NodePtr>();
  }
  Result<std::optional<StoredFunction>> function(std::string_view, std::string_view name) override {
    if (name == "Late") return std::optional(StoredFunction{"(x: long = 2)", "{ Flights | where dep_delay > x }"});
    return std::optional<StoredFunction>();
  }
  std::vector<std::string> table_names(std::string_view) override { return {"Airlines", "Flights"}; }
  std::vector<std::string> function_names(std::string_view) override { return {"Late"}; }

 private:
  static plan::NodePtr scan(std::string name, columnar::Schema schema) {
    std::vector<std::string> columns;
    for (const columnar::Column& column : schema) columns.push_back(column.name);
    return plan::make_node(plan::Scan{{name}, std::move(columns), name}, std::move(schema));
  }
};

Completion completed(std::string text) {
  const std::string mark = "¦";
  const std::size_t cursor = text.find(mark);
  EXPECT_NE(cursor, std::string::npos) << text;
  text.erase(cursor, mark.size());
  SomeTables tables;
  BindContext context;
  context.tables = &tables;
  return complete(text, cursor, context);
}

std::vector<std::string> labels(const Completion& completion) {
  std::vector<std::string> made;
  for (const Candidate& one : completion.candidates) made.push_back(one.label);
  return made;
}

std::string joined(const std::vector<std::string>& texts) {
  std::string made;
  for (const std::string& text : texts) made += (made.empty() ? "" : " ") + text;
  return made;
}

struct Case {
  const char* text;
  const char* first;  // what comes first, in order
  const char* some;   // further ones, anywhere
  const char* none;   // that are not there
};

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> made;
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find(' '));
    if (!one.empty()) made.emplace_back(one);
    text.remove_prefix(std::min(one.size() + 1, text.size()));
  }
  return made;
}

class CompletesAt : public testing::TestWithParam<Case> {};

TEST_P(CompletesAt, Place) {
  const Case& one = GetParam();
  const std::vector<std::string> found = labels(completed(one.text));
  const std::vector<std::string> first = split(one.first);
  ASSERT_LE(first.size(), found.size()) << one.text << " -> " << joined(found);
  for (std::size_t at = 0; at < first.size(); ++at) EXPECT_EQ(found[at], first[at]) << one.text << " -> " << joined(found);
  for (const std::string& some : split(one.some))
    EXPECT_NE(std::ranges::find(found, some), found.end()) << one.text << " lacks " << some << " in " << joined(found);
  for (const std::string& none : split(one.none))
    EXPECT_EQ(std::ranges::find(found, none), found.end()) << one.text << " has " << none;
}

INSTANTIATE_TEST_SUITE_P(
    Beginnings, CompletesAt,
    testing::Values(Case{"¦", "Airlines Flights Late", "let set print range union", "where summarize strlenx"},
                    Case{"Fl¦", "Flights", "", "Airlines let"}, Case{"fli¦", "Flights", "", "Airlines"},
                    Case{"pri¦", "print", "", "project"}, Case{"let x = ¦", "Airlines Flights", "print strlen", "let where"},
                    Case{"let a = 5; let f = (b: long) { b }; ¦", "a f Airlines Flights", "let", "where"},
                    Case{"let a = 5;\nprint ¦", "a abs", "strlen", "Flights where count_distinct"},
                    Case{"set query_ta¦", "query_take_max_records", "", "let"},
                    Case{"declare ¦", "pattern query_parameters", "", "let"}, Case{"let ¦", "", "", "Flights strlen"},
                    Case{"// Fl¦", "", "", "Flights"}, Case{"print 'Fl¦", "", "", "Flights"},
                    Case{"print x = 12¦", "", "", "Flights"}, Case{"print 'a'; Fl¦", "Flights", "", ""}));

INSTANTIATE_TEST_SUITE_P(
    Operators, CompletesAt,
    testing::Values(Case{"Flights | ¦", "as", "where summarize project-away render evaluate join", "print range Flights strlen"},
                    Case{"Flights | wh¦", "where", "", "take"}, Case{"Flights | WHE¦", "where", "", ""},
                    Case{"Flights | project-aw¦", "project-away", "", "project"}, Case{"Flights | aw¦", "project-away", "", ""},
                    Case{"Flights |¦", "as", "where", ""}, Case{"Flights ¦", "|", "", "where"},
                    Case{"Flights | where dep_delay > 5 | su¦ | take 5", "summarize", "", ""},
                    Case{"Flights | union (Airlines | ¦", "as", "where", "Flights"},
                    Case{"Flights | fork (¦", "as", "where", "Flights"},
                    Case{"Flights | mv-apply extra on (¦", "as", "where", ""},
                    Case{"Flights | join (¦", "Airlines Flights", "print", "where"},
                    Case{"Flights | join ¦", "Airlines Flights", "kind= hint.strategy=", "on where"},
                    Case{"Flights | join kind=¦", "anti fullouter inner", "leftouter", "Flights"},
                    Case{"Flights | join kind=inner ¦", "Airlines Flights", "hint.remote=", "kind="},
                    Case{"Flights | join hint.strategy=¦", "broadcast", "shuffle", "Flights"},
                    Case{"Flights | join (Airlines) ¦", "on", "", "Flights strlen"},
                    Case{"Flights | lookup ki¦", "kind=", "", ""}, Case{"toscalar(Flights | ta¦", "take", "", "table tabular"},
                    Case{"Flights | render ¦", "3Dchart anomalychart", "timechart piechart", "Flights carrier"},
                    Case{"Flights | render timechart ¦", "with", "", ""},
                    Case{"Flights | render timechart with (¦", "accumulate=", "title= xcolumn=", "carrier"},
                    Case{"Flights | render timechart with (title='a', yt¦", "ytitle=", "", ""},
                    Case{"Flights | render timechart with (xcolumn=¦", "carrier", "", ""},
                    Case{"Flights | render columnchart with (kind=¦", "default", "stacked100", ""},
                    Case{"Flights | evaluate ¦", "active_users_count", "python bag_unpack pivot hint.distribution=", "strlen"},
                    Case{"Flights | evaluate hint.distribution=¦", "auto per_node", "", "python"},
                    Case{"Flights | evaluate bag_unpack(¦", "carrier", "", ""}, Case{"Flights | sort ¦", "by", "", "carrier"},
                    Case{"Flights | sort by carrier ¦", "asc desc", "nulls |", "by"},
                    Case{"Flights | top 5 ¦", "by", "", "carrier"}, Case{"Flights | take 5 ¦", "|", "", "by"}));

INSTANTIATE_TEST_SUITE_P(
    Columns, CompletesAt,
    testing::Values(
        Case{"Flights | where ¦", "carrier dep_delay when", "strlen extra", "Flights sum count"},
        Case{"Flights | where dep¦", "dep_delay", "", "carrier"}, Case{"Flights | where delay¦", "dep_delay", "", "carrier"},
        Case{"Flights | where dep_delay > 5 and ca¦", "carrier", "", ""},
        Case{"Flights | extend x = dep_delay * 2, y = st¦", "startofday", "strcat strlen", "x"},
        Case{"Flights | extend twice = dep_delay * 2 | where tw¦", "twice", "", ""},
        Case{"Flights | summarize ¦", "carrier dep_delay", "count avg arg_max strlen", ""},
        Case{"Flights | summarize a = av¦", "avg", "avgif", ""},
        Case{"Flights | summarize avg(¦", "carrier", "strlen", "avg sum"}, Case{"Flights | summarize round(av¦", "avg", "", ""},
        Case{"Flights | summarize count() ¦", "by", "|", ""}, Case{"Flights | summarize count() by ¦", "carrier", "bin", "avg"},
        Case{"Flights | summarize late = count() by carrier | where ¦", "carrier late", "", "dep_delay"},
        Case{"Flights | project-away ¦", "carrier", "", "strlen"}, Case{"Flights | project-rename x = ¦", "carrier", "", ""},
        Case{"Flights | distinct ¦", "carrier", "", ""}, Case{"Flights | sort by ¦", "carrier", "strlen", ""},
        Case{"Flights | sort by carrier asc, ¦", "carrier", "", "asc"}, Case{"Flights | top 5 by ¦", "carrier", "", ""},
        Case{"Flights | where carrier in (¦", "Airlines", "carrier strlen", ""},
        Case{"Flights | where carrier in ((Airlines | where ¦", "carrier full_name", "", "dep_delay"},
        Case{"Flights | join (Airlines) on ¦", "carrier $left $right dep_delay", "", "full_name"},
        Case{"Flights | join kind=inner (Airlines) on $left.¦", "carrier dep_delay", "", "full_name"},
        Case{"Flights | join kind=inner (Airlines) on $left.carrier == $right.¦", "carrier full_name", "", "dep_delay"},
        Case{"Flights | join (Airlines | where ¦", "carrier full_name", "", "dep_delay"},
        Case{"Flights | mv-apply e = extra to typeof(long) on (where ¦", "carrier", "e", ""},
        Case{"Flights | partition by carrier (summarize ¦", "carrier", "count", ""},
        Case{"Flights | where nonsense(((| where ¦", "", "", ""},
        Case{"Flights | extend x = nosuch(1) | where ¦", "carrier dep_delay", "", "x"},
        Case{"Flights | where carrier ==\n| where ¦", "carrier", "", ""},
        Case{"let t = Flights | project a = carrier; t | where ¦", "a", "", "carrier"},
        Case{"let f = (x: long, s: string) { Flights | where ¦", "carrier", "x s", ""},
        Case{"let f = (T: (q: long)) { T | where ¦", "q", "", "carrier"}, Case{"Late(1) | where ¦", "carrier", "", ""},
        Case{"Late() | where dep¦", "dep_delay", "", ""},
        Case{"Flights | where ['odd name'] > 1 | project ca¦", "carrier", "", ""}));

INSTANTIATE_TEST_SUITE_P(BetweenValues, CompletesAt,
                         testing::Values(Case{"Flights | where carrier ¦", "!=", "contains has startswith in =~ |",
                                              "% + carrier"},
                                         Case{"Flights | where dep_delay ¦", "!=", "between > +", "contains startswith"},
                                         Case{"Flights | where carrier sta¦", "startswith", "startswith_cs !startswith", ""},
                                         Case{"Flights | where carrier !c¦", "!contains", "!contains_cs", "contains"},
                                         Case{"Flights | where dep_delay > 5 ¦", "", "and or |", ""},
                                         Case{"Flights | where carrier contains ¦", "carrier", "strlen", "contains"}));

INSTANTIATE_TEST_SUITE_P(Types, CompletesAt,
                         testing::Values(Case{"datatable(a:¦", "bool datetime", "string timespan", "strlen"},
                                         Case{"let f = (a: lo¦", "long", "", ""},
                                         Case{"print x | evaluate python(typeof(*, y:¦", "bool", "", ""},
                                         Case{"Flights | mv-expand extra to typeof(¦", "bool", "", "carrier"},
                                         Case{"Flights | parse-kv carrier as (a:s¦", "string", "", ""},
                                         Case{"print dynamic({\"a\":¦", "", "", "bool"}));

TEST(Completion, SaysWhatToPutInWhere) {
  const Completion found = completed("Flights | where odd¦ and true");
  ASSERT_EQ(found.candidates.size(), 1u);
  EXPECT_EQ(found.candidates[0].insert, "['odd name']");
  EXPECT_EQ(found.candidates[0].detail, "long");
  EXPECT_EQ(found.candidates[0].kind, CandidateKind::column);
  EXPECT_EQ(found.replaced.begin, 16u);
  EXPECT_EQ(found.replaced.end, 19u);
  EXPECT_EQ(completed("Flights | where strle¦").candidates.at(0).insert, "strlen(");
  EXPECT_EQ(completed("print now¦").candidates.at(0).label, "now");
  EXPECT_EQ(completed("Flights | project-ren¦").candidates.at(0).insert, "project-rename ");
}

TEST(Completion, EveryCandidateIsOneLine) {
  for (const char* text : {"¦", "Flights | ¦", "Flights | where ¦", "Flights | summarize ¦", "Flights | evaluate ¦"}) {
    for (const Candidate& one : completed(text).candidates) {
      EXPECT_EQ(one.detail.find('\n'), std::string::npos) << one.label;
      EXPECT_FALSE(one.label.empty());
      EXPECT_FALSE(one.insert.empty());
    }
  }
}

/// Whatever is typed, at whatever place: candidates or none, no crash.
TEST(Completion, TakesAnyTextAtAnyPlace) {
  const std::string text =
      "let f = (x: long, T: (a: long)) { T | where a > x }; set notruncation; Flights | where carrier in ('AA', \"B\") and "
      "dep_delay between (1 .. 5) | join kind=inner (Airlines | project carrier) on $left.carrier == $right.carrier | mv-apply "
      "e = extra to typeof(long) on (top 1 by e) | summarize n = count(), avg(dep_delay) by bin(when, 1d) | render timechart "
      "with "
      "(title=\"x\") // end\n| parse-kv carrier as (k: long) with (kv_delimiter='=') | evaluate hint.distribution=single "
      "python(typeof(*, y:long), ```result = df```)";
  SomeTables tables;
  BindContext context;
  context.tables = &tables;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    (void)complete(text, at, context);
    (void)complete(text.substr(0, at), at, context);
    (void)complete(text.substr(at), text.size() - at, context);
    (void)coloured_spans(text.substr(at));
  }
  std::mt19937 random(7);
  const std::string_view signs = "|()[]{};:,.='\"`~!$# \n\\/-abc\x80\xff";
  for (int round = 0; round < 3000; ++round) {
    std::string broken = text.substr(0, random() % text.size());
    for (int change = 0; change < 4 && !broken.empty(); ++change)
      broken[random() % broken.size()] = signs[random() % signs.size()];
    (void)complete(broken, random() % (broken.size() + 2), context);
    (void)coloured_spans(broken);
  }
  (void)complete(std::string(100'000, '('), 100'000, context);
  (void)complete(std::string(100'000, '|'), 100'000, context);
  std::string long_text;
  for (int at = 0; at < 20'000; ++at) long_text += "let a" + std::to_string(at) + " = 1; ";
  (void)complete(long_text + "print a", long_text.size() + 7, context);
}

std::string colours(std::string_view text) {
  std::string made;
  for (const ColouredSpan& one : coloured_spans(text))
    made += std::string(text_class_name(one.what)) + ":" +
            std::string(text.substr(one.span.begin, one.span.end - one.span.begin)) + " ";
  return made;
}

TEST(Colours, OfWholeAndHalfTexts) {
  EXPECT_EQ(colours("T | where a == 'x' and strlen(b) > 5 // c"),
            "operator:where text:'x' word:and function:strlen number:5 comment:// c ");
  EXPECT_EQ(colours("T | project-away a | summarize count() by b"),
            "operator:project-away operator:summarize function:count word:by ");
  EXPECT_EQ(colours("print a = 'half"), "operator:print text:'half ");
  EXPECT_EQ(colours("print ? 1"), "operator:print wrong:? number:1 ");
  EXPECT_EQ(colours("print a = ```x\ny"), "operator:print text:```x\ny ");
  EXPECT_EQ(colours("// only"), "comment:// only ");
}

}  // namespace
}  // namespace wardian::kql
