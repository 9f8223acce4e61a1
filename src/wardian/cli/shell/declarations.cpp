#include "wardian/cli/shell/declarations.h"

#include <algorithm>
#include <set>

#include "wardian/base/overloaded.h"
#include "wardian/kql/syntax/lexer.h"
#include "wardian/kql/syntax/parser.h"

namespace wardian::cli {
namespace {

namespace syntax = kql::syntax;
using Declaration = SessionDeclarations::Declaration;

std::string text_before(const std::vector<Declaration>& declarations) {
  std::string text;
  for (const Declaration& one : declarations) text += one.text + ";\n";
  return text;
}

/// The texts of its names, and of whatever else its tokens are.
std::set<std::string, std::less<>> words(std::string_view text) {
  std::set<std::string, std::less<>> made;
  for (const syntax::Token& token : syntax::lex(text).tokens)
    made.emplace(text.substr(token.span.begin, token.span.end - token.span.begin));
  return made;
}

/// The text with a query behind its declarations: without one it is none to the parser.
std::string with_query(std::string_view text) {
  return std::string(text.substr(0, text.find_last_not_of("; \t\r\n") + 1)) + "\n;print 1";
}

std::optional<Declaration> declaration(const syntax::Statement& statement, std::string_view text) {
  const std::string own(text.substr(statement.span.begin, statement.span.end - statement.span.begin));
  const auto trimmed = own.substr(0, own.find_last_not_of("; \t\r\n") + 1);
  if (const auto* let = std::get_if<syntax::LetStatement>(&statement.node)) return Declaration{"let", let->name.text, trimmed};
  if (const auto* set = std::get_if<syntax::SetStatement>(&statement.node)) return Declaration{"set", set->name.text, trimmed};
  return std::nullopt;
}

}  // namespace

std::vector<Declaration> SessionDeclarations::only_declarations(std::string_view text) {
  std::vector<Declaration> made;
  const std::string completed = with_query(text);
  const Result<syntax::QueryTree> tree = syntax::parse_query(completed);
  if (!tree.ok()) return made;
  for (const syntax::Statement& statement : tree->statements) {
    if (&statement == &tree->statements.back()) continue;  // ours
    std::optional<Declaration> one = declaration(statement, completed);
    if (!one) return {};
    made.push_back(*std::move(one));
  }
  return made;
}

Status SessionDeclarations::keep(const std::vector<Declaration>& declarations, const std::string& text,
                                 const session::Request& how, session::Instance& instance) {
  session::Request request = how;
  // In the places of those of the same names: what was declared after them may lean on them.
  std::vector<Declaration> in_place = kept_;
  std::vector<Declaration> others = kept_;
  for (const Declaration& one : declarations) {
    const auto same = [&](const Declaration& other) { return other.keyword == one.keyword && other.name == one.name; };
    std::erase_if(others, same);
    if (const auto at = std::ranges::find_if(in_place, same); at != in_place.end()) {
      *at = one;
    } else {
      in_place.push_back(one);
    }
  }
  request.text = text_before(in_place) + "print 1";
  if (instance.check(request).ok()) {
    kept_ = std::move(in_place);
    return {};
  }
  // Else behind all others, on which they lean.
  const std::string before = text_before(others);
  request.text = before + with_query(text);
  if (const auto bound = instance.check(request); !bound.ok()) {
    Error error = bound.error();
    const auto shift = static_cast<std::uint32_t>(before.size());
    std::erase_if(error.further, [&](const Error& each) { return !each.span || each.span->begin < shift; });
    for (Error& each : error.further) each.span = SourceSpan{each.span->begin - shift, each.span->end - shift};
    if (error.span && error.span->begin >= shift) {
      error.span = SourceSpan{error.span->begin - shift, error.span->end - shift};
    } else {
      error.span.reset();
      error.hint = ".show lets lists what is declared; .forget NAME takes one back.";
    }
    return error;
  }
  others.insert(others.end(), declarations.begin(), declarations.end());
  kept_ = std::move(others);
  return {};
}

bool SessionDeclarations::forget(std::string_view name) {
  return std::erase_if(kept_, [&](const Declaration& one) { return one.name == name; }) > 0;
}

std::string SessionDeclarations::before(std::string_view text) const {
  if (kept_.empty()) return {};
  std::set<std::string, std::less<>> hidden;
  if (const Result<syntax::QueryTree> tree = syntax::parse_query(text); tree.ok()) {
    for (const syntax::Statement& statement : tree->statements) {
      if (const auto own = declaration(statement, text)) hidden.insert(own->name);
    }
  }
  std::vector<Declaration> used;
  for (const Declaration& one : kept_) {
    const auto its_words = words(one.text);
    const bool leans = std::ranges::any_of(hidden, [&](const std::string& name) { return its_words.contains(name); });
    if (leans) {
      hidden.insert(one.name);
    } else {
      used.push_back(one);
    }
  }
  return text_before(used);
}

}  // namespace wardian::cli
