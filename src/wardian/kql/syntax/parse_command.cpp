#include <algorithm>

#include "wardian/kql/syntax/command_scanner.h"
#include "wardian/kql/syntax/lexer.h"
#include "wardian/kql/syntax/parser.h"
#include "wardian/kql/syntax/query_parser.h"

namespace wardian::kql::syntax {
namespace {

/// How deep commands may stand in commands (`.set T <| .show …`).
constexpr std::size_t kCommandDepthMax = 8;

bool has_word(const CommandHead& head, std::string_view word) { return std::ranges::find(head.words, word) != head.words.end(); }

QueryParser parser_for(std::string_view text, std::size_t begin, std::size_t end) {
  const std::string_view part = text.substr(0, end);
  return QueryParser(part, lex(part, begin));
}

Result<CommandTree> command(std::string_view text, std::size_t begin, std::size_t& end, std::size_t depth);

/// A query, a command, or `{ … }, { … }` of either.
Status embedded(CommandTree& tree, std::string_view text, std::size_t begin, std::size_t end, std::size_t depth) {
  begin = skip_blanks(text, begin);
  if (depth > kCommandDepthMax) {
    return Error{ErrorCode::too_deep,
                 "Commands are nested too deeply",
                 SourceSpan{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(begin)},
                 {}};
  }
  if (begin < end && text[begin] == '.') {
    std::size_t after = 0;
    WARDIAN_ASSIGN(CommandTree inner, command(text.substr(0, end), begin, after, depth + 1));
    tree.commands.push_back(std::move(inner));
    return {};
  }
  if (begin < end && text[begin] == '{') {
    const std::string_view list = text.substr(0, end);
    std::size_t at = begin;
    while (at < end && text[at] == '{') {
      std::size_t open = 0, close = at;
      for (; close < end; ++close) {
        if (list[close] == '{') ++open;
        if (list[close] == '}' && --open == 0) break;
      }
      if (close >= end) {
        const SourceSpan place{static_cast<std::uint32_t>(end), static_cast<std::uint32_t>(end)};
        return Error{ErrorCode::unclosed, "Missing }", place, {}};
      }
      WARDIAN_TRY(embedded(tree, text, at + 1, close, depth + 1));
      at = skip_blanks(list, close + 1);
      if (at < end && text[at] == ',') at = skip_blanks(list, at + 1);
    }
    return {};
  }
  QueryParser parser = parser_for(text, begin, end);
  WARDIAN_ASSIGN(QueryTree query, parser.query());
  tree.queries.push_back(std::move(query));
  return {};
}

/// `.create function with (…) name(parameters) { body }`, and the braces of a materialized view.
Status definition(CommandTree& tree, const CommandHead& head, std::string_view text) {
  for (std::size_t i = 0; i < head.groups.size(); ++i) {
    const CommandGroup& group = head.groups[i];
    if (group.open != '{') continue;
    if (!has_word(head, "function")) {
      QueryParser parser = parser_for(text, group.begin, group.end);
      WARDIAN_ASSIGN(FunctionBody body, parser.function_body());
      QueryTree query{std::move(body.statements)};
      if (body.result != nullptr) {
        // The body's result is held const; its tree is read once more as a query of its own.
        QueryParser again = parser_for(text, group.begin + 1, group.end - 1);
        WARDIAN_ASSIGN(query, again.query());
      }
      tree.queries.push_back(std::move(query));
      continue;
    }
    if (i == 0 || head.groups[i - 1].open != '(') continue;
    const CommandGroup& parameters = head.groups[i - 1];
    FunctionDeclaration function;
    QueryParser first = parser_for(text, parameters.begin, parameters.end);
    WARDIAN_ASSIGN(function.parameters, first.function_parameters());
    QueryParser second = parser_for(text, group.begin, group.end);
    WARDIAN_ASSIGN(function.body, second.function_body());
    tree.function = std::move(function);
    for (std::size_t word = 0; word < head.words.size(); ++word) {
      if (head.word_ends[word] > parameters.begin) break;
      const auto end = static_cast<std::uint32_t>(head.word_ends[word]);
      const auto size = static_cast<std::uint32_t>(head.words[word].size());
      tree.function_name = Identifier{head.words[word], {end - size, end}, false};
    }
  }
  return {};
}

Result<CommandTree> command(std::string_view text, std::size_t begin, std::size_t& end, std::size_t depth) {
  WARDIAN_ASSIGN(CommandHead head, scan_command_head(text, begin));
  CommandTree tree;
  tree.verb = head.words[0];
  tree.head = {static_cast<std::uint32_t>(head.begin), static_cast<std::uint32_t>(head.end)};
  end = head.end;
  WARDIAN_TRY(definition(tree, head, text));
  if (head.stop == CommandHead::Stop::query_follows) {
    if (has_word(head, "inline")) {
      end = text.size();  // data, not a query
    } else {
      const std::size_t first = skip_blanks(text, head.end + 2);
      end = next_command(text, first < text.size() && text[first] == '.' ? first + 1 : first);
      WARDIAN_TRY(embedded(tree, text, head.end + 2, end, depth));
    }
  } else if (head.stop == CommandHead::Stop::operators_follow) {
    end = next_command(text, head.end + 1);
    QueryParser parser = parser_for(text, head.end, end);
    WARDIAN_ASSIGN(Expr operators, parser.operators_after(nullptr, tree.head.end));
    if (!parser.at(TokenKind::end) && !(parser.at(TokenKind::semicolon) && parser.at(TokenKind::end, 1))) {
      return parser.unexpected_after_query();
    }
    tree.post_operators = std::make_unique<const Expr>(std::move(operators));
  }
  tree.words = std::move(head.words);
  return tree;
}

}  // namespace

Result<std::vector<CommandTree>> parse_command_script(std::string_view text) {
  if (text.size() > kQueryTextBytesMax) {
    return Error{ErrorCode::text_too_long, "The text is too long: " + std::to_string(text.size()) + " bytes", std::nullopt, {}};
  }
  std::vector<CommandTree> script;
  std::size_t at = 0;
  do {
    std::size_t end = 0;
    WARDIAN_ASSIGN(CommandTree read, command(text, at, end, 0));
    script.push_back(std::move(read));
    at = skip_blanks(text, end);
  } while (at < text.size());
  return script;
}

Result<CommandTree> parse_command(std::string_view text) {
  WARDIAN_ASSIGN(std::vector<CommandTree> script, parse_command_script(text));
  if (script.size() > 1) {
    return Error{ErrorCode::syntax, "One command at a time", script[1].head, "Send the commands one by one"};
  }
  return std::move(script[0]);
}

}  // namespace wardian::kql::syntax
