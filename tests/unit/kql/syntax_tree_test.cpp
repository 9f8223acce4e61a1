#include <gtest/gtest.h>

#include <string>

#include "wardian/kql/syntax/parser.h"

namespace wardian::kql::syntax {
namespace {

/// The expression with a bracket around every operation: shows precedence and shape, not every detail.
std::string shape(const Expr& expr);

std::string shapes(const std::vector<Expr>& list, std::string_view separator) {
  std::string out;
  for (const Expr& expr : list) {
    if (&expr != &list.front()) out += separator;
    out += shape(expr);
  }
  return out;
}

struct Shape {
  std::string operator()(const Name& name) const { return name.quoted ? "['" + name.text + "']" : name.text; }
  std::string operator()(const WildcardName& name) const { return name.pattern; }
  std::string operator()(const Star&) const { return "*"; }
  std::string operator()(const ClientParameter& parameter) const { return "{" + parameter.name + "}"; }
  std::string operator()(const Literal& literal) const {
    if (const auto* text = std::get_if<std::string>(&literal.value.held)) return "'" + *text + "'";
    if (const auto* whole = std::get_if<std::int64_t>(&literal.value.held)) return std::to_string(*whole);
    if (const auto* flag = std::get_if<bool>(&literal.value.held)) return *flag ? "true" : "false";
    return literal.value.is_null() ? "null" : "real";
  }
  std::string operator()(const Unary& unary) const { return (unary.op == UnaryOp::minus ? "-" : "+") + shape(*unary.operand); }
  std::string operator()(const Binary& binary) const {
    return "(" + shape(*binary.left) + " " + std::string(spelling(binary.op)) + " " + shape(*binary.right) + ")";
  }
  std::string operator()(const Logical& logical) const {
    return "(" + shapes(logical.operands, logical.op == LogicalOp::all_of ? " and " : " or ") + ")";
  }
  std::string operator()(const Between& between) const {
    return "(" + shape(*between.value) + (between.negated ? " !between " : " between ") + shape(*between.low) + " .. " +
           shape(*between.high) + ")";
  }
  std::string operator()(const In& in) const { return "(" + shape(*in.value) + " in " + shapes(in.candidates, ", ") + ")"; }
  std::string operator()(const Call& call) const { return call.function.text + "(" + shapes(call.arguments, ", ") + ")"; }
  std::string operator()(const Member& member) const { return shape(*member.source) + "." + member.member.text; }
  std::string operator()(const MemberCall& member) const { return shape(*member.source) + "." + (*this)(member.call); }
  std::string operator()(const Index& index) const { return shape(*index.source) + "[" + shape(*index.index) + "]"; }
  std::string operator()(const Named& named) const {
    std::string names;
    for (const Identifier& name : named.names) names += (names.empty() ? "" : ",") + name.text;
    return names + "=" + shape(*named.value);
  }
  std::string operator()(const Pipe& pipe) const {
    std::string out = pipe.source ? shape(*pipe.source) : "";
    for (const Operator& operation : pipe.operators) out += "|" + std::string(operator_name(operation));
    return "<" + out + ">";
  }
  std::string operator()(const SourceOperator& source) const { return std::string(operator_name(*source.operation)); }
  std::string operator()(const Unreadable&) const { return "?"; }
  std::string operator()(const TypeOf& type) const { return "typeof" + std::to_string(type.schema.columns.size()); }
};

std::string shape(const Expr& expr) { return std::visit(Shape{}, expr.node); }

struct Case {
  const char* text;
  const char* shape;
};

TEST(Expression, BindsAsTheLanguageSays) {
  const Case cases[] = {
      {"a + b * c - d", "((a + (b * c)) - d)"},
      {"a or b and c or d", "(a or (b and c) or d)"},
      {"a == b + 1 and c < d", "((a == (b + 1)) and (c < d))"},
      {"a < b == c < d", "((a < b) == (c < d))"},
      {"-a has b", "(-a has b)"},
      {"a * b has c", "(a * (b has c))"},
      {"a =~ 'x' or b !~ 'y'", "((a =~ 'x') or (b !~ 'y'))"},
      {"a matches regex 'x'", "(a matches regex 'x')"},
      {"a notcontains 'x'", "(a !contains 'x')"},
      {"x between (1 .. 5 + 1)", "(x between 1 .. (5 + 1))"},
      {"x !between (1 .. 5) and y", "((x !between 1 .. 5) and y)"},
      {"x in (1, 2)", "(x in 1, 2)"},
      {"x in ((T | project a))", "(x in <T|project>)"},
      {"not(a) and (b or c) and d", "(not(a) and (b or c) and d)"},
      {"a.b['c'][0].d", "a.b['c'][0].d"},
      {"a.['b c'].[0]", "a.b c[0]"},
      {"['a b'] + [\"c\"]", "(['a b'] + ['c'])"},
      {"$left.a == $right.b", "($left.a == $right.b)"},
      {"f(x = 1, y, *)", "f(x=1, y, *)"},
      {"toscalar(T | count)", "toscalar(<T|count>)"},
      {"toscalar(print x = 1 | where x)", "toscalar(<print|where>)"},
      {"database('d').T", "database('d').T"},
      {"database('d').f(1)", "database('d').f(1)"},
      {"- 1 - -1", "(-1 - -1)"},
      {"{p} == 1", "({p} == 1)"},
      {"range(1, 2) == union_", "(range(1, 2) == union_)"},
      {"count + step + kind + on + with + from + id", "((((((count + step) + kind) + on) + with) + from) + id)"},
      {"a <> b", "(a != b)"},
      {"typeof(a: long, *)", "typeof2"},
      {"a:'b'", "(a : 'b')"},
      {"bool(true) == True", "(true == true)"},
  };
  for (const Case& c : cases) {
    const Result<Expr> read = parse_scalar_expression(c.text);
    ASSERT_TRUE(read.ok()) << c.text << ": " << read.error().message;
    EXPECT_EQ(shape(*read), c.shape);
    EXPECT_EQ(read->span, (SourceSpan{0, static_cast<std::uint32_t>(std::string_view(c.text).size())})) << c.text;
  }
}

TEST(Pipeline, ListsItsOperators) {
  const Case cases[] = {
      {"T | where a | extend b = 1 | project-away c* | mv-expand d", "<T|where|extend|project-away|mv-expand>"},
      {"print 1", "print"},
      {"range x from 1 to 2 step 1 | order by x", "<range|sort>"},
      {"union T*, (U | count), database('d').V* | limit 5", "<union|take>"},
      {"search in (T, U*) kind=case_sensitive", ""},
      {"find withsource=s in (T, U*) where a == 1 project a, b: long", "find"},
      {"datatable(a: long) [1, 2,]", "datatable"},
      {"T | top-nested 3 of a by sum(b), top-nested of c by max(d)", "<T|top-nested>"},
      {"T | fork x = (count) (where a | take 1)", "<T|fork>"},
      {"T | partition hint.strategy=native by a (top 1 by b)", "<T|partition>"},
      {"T | parse-where kind=relaxed s with 'a' b: long * | count", "<T|parse-where|count>"},
      {"T | graph-where-edges a == 1", "<T|graph-where-edges>"},
      {"T | render timechart title='x' kind=stacked | count", "<T|render|count>"},
      {"T | getschema", "<T|getschema>"},
      {"evaluate f(1) : (a: long)", "evaluate"},
  };
  for (const Case& c : cases) {
    const Result<QueryTree> read = parse_query(c.text);
    if (*c.shape == '\0') {
      EXPECT_FALSE(read.ok()) << c.text;
      continue;
    }
    ASSERT_TRUE(read.ok()) << c.text << ": " << read.error().message;
    ASSERT_EQ(read->statements.size(), 1u);
    EXPECT_EQ(shape(std::get<QueryStatement>(read->statements[0].node).expression), c.shape) << c.text;
  }
}

template <class T>
const T& only_operator(const QueryTree& tree) {
  return std::get<T>(std::get<Pipe>(std::get<QueryStatement>(tree.statements.back().node).expression.node).operators[0].node);
}

TEST(Operator, KeepsItsParts) {
  auto read = parse_query("T | join kind=leftouter hint.strategy=broadcast (U) on a, $left.b == $right.c");
  ASSERT_TRUE(read.ok());
  const auto& join = only_operator<JoinOperator>(*read);
  ASSERT_EQ(join.parameters.size(), 2u);
  EXPECT_EQ(join.parameters[1].name.text, "hint.strategy");
  EXPECT_EQ(shape(find_parameter(join.parameters, "kind")->value), "leftouter");
  EXPECT_EQ(shapes(join.on, ";"), "a;($left.b == $right.c)");

  read = parse_query("T | sort by a asc nulls last, b, c granny-desc");
  ASSERT_TRUE(read.ok());
  const auto& sort = only_operator<SortOperator>(*read);
  ASSERT_EQ(sort.keys.size(), 3u);
  EXPECT_EQ(sort.keys[0].nulls_first, false);
  EXPECT_EQ(sort.keys[1].order, std::nullopt);
  EXPECT_EQ(sort.keys[2].order, SortOrder::granny_descending);

  read = parse_query("T | summarize hint.shufflekey=a n = count(), (x, y) = percentiles(b, 1, 2) by bin(t, 1h), k = c");
  ASSERT_TRUE(read.ok());
  const auto& summarize = only_operator<SummarizeOperator>(*read);
  EXPECT_EQ(shapes(summarize.aggregates, ";"), "n=count();x,y=percentiles(b, 1, 2)");
  EXPECT_EQ(shapes(summarize.keys, ";"), "bin(t, 36000000000);k=c");

  read = parse_query("T | render timechart with (title='t', ycolumns=a, b, kind=stacked)");
  ASSERT_TRUE(read.ok());
  const auto& render = only_operator<RenderOperator>(*read);
  ASSERT_EQ(render.properties.size(), 3u);
  EXPECT_EQ(shape(render.properties[1].value), "(a, b)");

  read = parse_query("T | graph-match (a)-[e*1..5]->(b)<--(c) where x project y");
  ASSERT_TRUE(read.ok());
  const auto& match = only_operator<GraphMatchOperator>(*read);
  ASSERT_EQ(match.patterns[0].size(), 5u);
  EXPECT_EQ(std::get<GraphEdgePattern>(match.patterns[0][3].node).direction, EdgeDirection::backward);
}

TEST(Statement, OfEveryKind) {
  const auto read = parse_query(
      "set a; set b = 5; declare query_parameters(p: long = -1); alias database d = cluster('c').database('d');\n"
      "restrict access to (T, database('d').*); declare pattern q;\n"
      "declare pattern app = (id: string)[scope: string] { ('a').['b'] = { T }; };\n"
      "let f = view (x: long, s: string = 'y', T: (*), U: (a: long)) { let z = x; T | where a == z; };\n"
      "let v = 1; let g = (T | count); f(1); T | count;");
  ASSERT_TRUE(read.ok()) << read.error().message << " at " << read.error().span->begin;
  EXPECT_EQ(read->statements.size(), 12u);
  const auto& let = std::get<LetStatement>(read->statements[7].node);
  const auto& function = std::get<FunctionDeclaration>(let.value);
  EXPECT_TRUE(function.view);
  ASSERT_EQ(function.parameters.size(), 4u);
  EXPECT_NE(function.parameters[1].default_value, nullptr);
  EXPECT_TRUE(std::get<Schema>(function.parameters[2].type).columns[0].star);
  EXPECT_EQ(function.body.statements.size(), 1u);
  ASSERT_NE(function.body.result, nullptr);
  EXPECT_EQ(shape(*function.body.result), "<T|where>");
}

TEST(StoredFunction, IsReadFromTwoTexts) {
  const auto read = parse_stored_function("(a: long, T: (*))", "{ T | take a }");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->parameters.size(), 2u);
  EXPECT_FALSE(parse_stored_function("(a: long) x", "{ a }").ok());
  EXPECT_FALSE(parse_stored_function("(a: long)", "{ a } x").ok());
}

TEST(Command, IsKnownByItsWords) {
  auto read = parse_command("// comment\n.show table T details | where a | count");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->verb, "show");
  EXPECT_EQ(read->words, (std::vector<std::string>{"show", "table", "T", "details"}));
  EXPECT_EQ(shape(*read->post_operators), "<|where|count>");

  read = parse_command(".create-or-alter function with (folder='x') f(a: long) { a + 1 }");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->function_name->text, "f");
  EXPECT_EQ(read->function->parameters.size(), 1u);

  read = parse_command(".set-or-append T <| print 1; print 2");
  ASSERT_TRUE(read.ok()) << read.error().message;
  ASSERT_EQ(read->queries.size(), 1u);
  EXPECT_EQ(read->queries[0].statements.size(), 2u);

  read = parse_command(".replace extents in table A <|\n  { .show table B extents },\n  { .show table C extents }");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->commands.size(), 2u);

  EXPECT_TRUE(parse_command(".ingest inline into table T <| a,\"b(c\n1,'x").ok());
  const auto script =
      parse_command_script(".create table T (a: long)\n\n.set T <|\n  print cluster('x')\n  .database('y')\n.show tables");
  ASSERT_TRUE(script.ok()) << script.error().message;
  EXPECT_EQ(script->size(), 3u);
  EXPECT_TRUE(is_command(" // x\n .show tables"));
  EXPECT_FALSE(is_command("T | count"));
}

}  // namespace
}  // namespace wardian::kql::syntax
