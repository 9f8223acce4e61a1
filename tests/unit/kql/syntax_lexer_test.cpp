#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "wardian/kql/syntax/lexer.h"
#include "wardian/kql/syntax/string_literal.h"

namespace wardian::kql::syntax {
namespace {

/// "identifier:a assign:=" would be long; kinds are told by the text of the token and, for what has none, its kind.
std::string spelled(std::string_view text) {
  std::string out;
  const TokenList list = lex(text);
  for (const Token& token : list.tokens) {
    if (token.kind == TokenKind::end) break;
    if (!out.empty()) out += ' ';
    switch (token.kind) {
      case TokenKind::identifier: out += 'n'; break;
      case TokenKind::bang_identifier: out += 'b'; break;
      case TokenKind::string: out += 's'; break;
      case TokenKind::whole_number: out += 'w'; break;
      case TokenKind::real_number: out += 'r'; break;
      case TokenKind::timespan_number: out += 't'; break;
      case TokenKind::wrong: out += '!'; break;
      default: out += 'p'; break;
    }
    out += '<';
    out += text.substr(token.span.begin, token.span.end - token.span.begin);
    out += '>';
  }
  return out;
}

struct Case {
  const char* text;
  const char* tokens;
};

TEST(Lexer, CutsTheTextIntoTokens) {
  const Case cases[] = {
      {"T | where a", "n<T> p<|> n<where> n<a>"},
      {"a==b=~c=>d=e", "n<a> p<==> n<b> p<=~> n<c> p<=>> n<d> p<=> n<e>"},
      {"a!=b!~c<>d<|e", "n<a> p<!=> n<b> p<!~> n<c> p<<>> n<d> p<<|> n<e>"},
      {"x !in~ (1)", "n<x> b<!in~> p<(> w<1> p<)>"},
      {"x in~ !has_cs", "n<x> n<in~> b<!has_cs>"},
      {"1..5", "w<1> p<..> w<5>"},
      {"1. 1.5 1e5 1.e3 1.5E-3", "r<1.> r<1.5> r<1e5> r<1.e3> r<1.5E-3>"},
      {"1d 1.5h 12min 3days 2microseconds 1tick", "t<1d> t<1.5h> t<12min> t<3days> t<2microseconds> t<1tick>"},
      {"0x1F 0xG 3Dim 1_000 1e", "w<0x1F> n<0xG> n<3Dim> n<1_000> n<1e>"},
      {"$left.a _b", "n<$left> p<.> n<a> n<_b>"},
      {"a // comment | b\nc", "n<a> n<c>"},
      {"#connect x\na", "n<a>"},
      {"\xEF\xBB\xBF"
       "a\xC2\xA0"
       "b",
       "n<a> n<b>"},
      {R"("a\"b" 'c\'d' @"e\" @'f''g' h"i" H@'j')", R"(s<"a\"b"> s<'c\'d'> s<@"e\"> s<@'f''g'> s<h"i"> s<H@'j'>)"},
      {"```a\n'b``` ~~~c`~~~ h```d```", "s<```a\n'b```> s<~~~c`~~~> s<h```d```>"},
      {"hash(h)", "n<hash> p<(> n<h> p<)>"},
      {"a \"b", "n<a> !<>"},
      {"a ? b", "n<a> !<?> n<b>"},
      {R"("a\d")", R"(!<\d>)"},
  };
  for (const Case& c : cases) EXPECT_EQ(spelled(c.text), c.tokens) << c.text;
}

TEST(Lexer, SaysWhereAStringDoesNotEnd) {
  EXPECT_EQ(lex("print 'abc\nx").errors.front().span, (SourceSpan{10, 10}));
  EXPECT_EQ(lex("print ```abc\nx").errors.front().span, (SourceSpan{14, 14}));
  EXPECT_EQ(lex("print ```abc\nx").errors.front().code, ErrorCode::unclosed);
}

TEST(StringLiteral, UndoesPrefixQuotesAndEscapes) {
  const Case cases[] = {
      {R"("a\tb\n\\\"\x41\u00e9\U0001F600\101")", "a\tb\n\\\"A\u00e9\U0001F600A"},
      {R"("\ud83d\ude00")", "\U0001F600"},
      {R"(@"a\n""b")", "a\\n\"b"},
      {R"(h'x')", "x"},
      {"```a\\n\n```", "a\\n\n"},
      {"''", ""},
  };
  for (const Case& c : cases) EXPECT_EQ(string_text(c.text).text, c.tokens) << c.text;
  EXPECT_TRUE(string_text("h'x'").hidden);
  EXPECT_FALSE(string_text("'x'").hidden);
}

}  // namespace
}  // namespace wardian::kql::syntax
