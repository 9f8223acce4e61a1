#include "wardian/cli/shell/commands.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "wardian/base/similar_name.h"
#include "wardian/cli/answer/aligned_rows.h"
#include "wardian/cli/terminal.h"
#include "wardian/kql/syntax/lexer.h"

#include <unistd.h>

namespace wardian::cli {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\f\v";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  return begin == std::string_view::npos ? text.substr(text.size())
                                         : text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

/// How far into the text the command's words reach, with any blanks between them; npos where it does not begin with them.
std::size_t match(std::string_view text, std::string_view words) {
  std::size_t at = 0;
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    words.remove_prefix(std::min(word.size() + 1, words.size()));
    at = std::min(text.find_first_not_of(" \t", at), text.size());
    if (!text.substr(at).starts_with(word)) return std::string_view::npos;
    at += word.size();
    if (at < text.size() && kBlanks.find(text[at]) == std::string_view::npos && text[at] != '|' && text[at] != ';' &&
        text[at] != '(')
      return std::string_view::npos;
  }
  return at;
}

const ShellCommand* find(std::string_view text, std::size_t& size) {
  const ShellCommand* found = nullptr;
  size = 0;
  for (const std::span<const ShellCommand> family : shell_commands()) {
    for (const ShellCommand& command : family) {
      const std::size_t matched = match(text, command.words);
      if (matched == std::string_view::npos || (found != nullptr && matched <= size)) continue;
      found = &command;
      size = matched;
    }
  }
  return found;
}

Error unknown_command(std::string_view text) {
  // The first words, as many as commands have.
  std::string given;
  std::string_view rest = text.substr(0, text.find_first_of("|;\n"));
  for (int count = 0; count < 2 && !rest.empty(); ++count) {
    rest = trimmed(rest);
    const std::string_view word = rest.substr(0, rest.find_first_of(kBlanks));
    if (!word.empty()) given += (given.empty() ? "" : " ") + std::string(word);
    rest.remove_prefix(word.size());
  }
  std::vector<std::string_view> names;
  for (const std::span<const ShellCommand> family : shell_commands())
    for (const ShellCommand& command : family) names.push_back(command.words);
  std::string near(similar_name(given, names));
  if (near.empty()) near = similar_name(given.substr(0, given.find(' ')), names);
  const auto size = static_cast<std::uint32_t>(given.size());
  return Error{ErrorCode::bad_argument, "The shell has no such command: ." + given, SourceSpan{0, size + 1},
               near.empty() ? ".help lists the commands." : "Did you mean ." + near + "?"};
}

/// Where a pipe stands outside of brackets and quotes; the size of the text if nowhere.
std::size_t first_pipe(std::string_view text) {
  int depth = 0;
  for (const kql::syntax::Token& token : kql::syntax::lex(text).tokens) {
    using enum kql::syntax::TokenKind;
    if (token.kind == open_round || token.kind == open_square || token.kind == open_curly) ++depth;
    if (token.kind == close_round || token.kind == close_square || token.kind == close_curly) --depth;
    if (token.kind == pipe && depth == 0) return token.span.begin;
  }
  return text.size();
}

Status help(Shell&, const CommandCall& call) {
  const bool bold = takes_colours(STDOUT_FILENO);
  std::vector<std::vector<std::string>> rows;
  for (const std::span<const ShellCommand> family : shell_commands()) {
    for (const ShellCommand& command : family) {
      if (!call.arguments.empty() &&
          command.words.find(call.arguments.substr(call.arguments.front() == '.' ? 1 : 0)) == std::string_view::npos)
        continue;
      std::string usage = "." + std::string(command.words);
      if (!command.arguments.empty()) usage += " " + std::string(command.arguments);
      rows.push_back({std::move(usage), std::string(command.summary)});
    }
  }
  if (rows.empty())
    return command_error(call, call.arguments, "The shell has no such command: " + std::string(call.arguments),
                         ".help alone lists all.");
  std::fputs(aligned_rows(
                 rows, [](std::size_t, std::size_t) { return false; }, 2)
                 .c_str(),
             stdout);
  if (!call.arguments.empty()) return {};
  std::printf(
      "\n%sKeys%s: Enter runs a text that is whole, Alt+Enter begins a line, Tab completes, Up and Down fetch back what was "
      "entered,\nCtrl-R searches it, Ctrl-C drops the text or cancels the query, Ctrl-D leaves.\n"
      "let and set statements entered alone hold for the session. Rows of .show commands go on: .show tables | count\n",
      bold ? "\x1b[1m" : "", bold ? "\x1b[0m" : "");
  return {};
}

Status leave(Shell& shell, const CommandCall&) {
  shell.leaving = true;
  return {};
}

Status clear(Shell& shell, const CommandCall&) {
  if (shell.interactive) std::fputs("\x1b[H\x1b[2J\x1b[3J", stdout);
  return {};
}

Status forget(Shell& shell, const CommandCall& call) {
  if (call.arguments.empty() || call.arguments == "*") {
    shell.declarations.forget_all();
    return {};
  }
  if (shell.declarations.forget(call.arguments)) return {};
  std::vector<std::string_view> names;
  for (const auto& one : shell.declarations.all()) names.push_back(one.name);
  return command_error(call, call.arguments, "Nothing of that name is declared: " + std::string(call.arguments),
                       did_you_mean(call.arguments, names));
}

constexpr auto kCommands = std::to_array<ShellCommand>({
    {"clear", "", "Empties the screen.", &clear},
    {"exit", "", "Leaves the shell.", &leave},
    {"forget", "[NAME]", "Takes back a let or set statement of the session, or all of them.", &forget},
    {"help", "[COMMAND]", "Lists the commands and keys.", &help},
    {"quit", "", "Leaves the shell.", &leave},
});
static_assert(std::ranges::is_sorted(kCommands, {}, &ShellCommand::words));

}  // namespace

std::span<const ShellCommand> session_commands() { return kCommands; }

std::span<const std::span<const ShellCommand>> shell_commands() {
  static const std::array<std::span<const ShellCommand>, 4> kFamilies = {session_commands(), file_commands(), set_commands(),
                                                                         show_commands()};
  return kFamilies;
}

Error command_error(const CommandCall& call, std::string_view part, std::string message, std::string hint) {
  const auto begin = static_cast<std::uint32_t>(part.data() - call.whole.data());
  return {ErrorCode::bad_argument, std::move(message), SourceSpan{begin, begin + static_cast<std::uint32_t>(part.size())},
          std::move(hint)};
}

Status run_command(Shell& shell, const std::string& text, const std::string& name) {
  const std::string_view whole = text;
  std::size_t size = 0;
  const ShellCommand* const command = find(whole.substr(1), size);
  if (command == nullptr) return unknown_command(whole.substr(1));
  CommandCall call{whole, whole.substr(1 + size), whole.substr(whole.size()), name};
  if (command->is_table) {
    const std::size_t pipe = first_pipe(call.arguments);
    call.operators = call.arguments.substr(pipe);
    call.arguments = call.arguments.substr(0, pipe);
  }
  call.arguments = trimmed(call.arguments);
  while (!command->is_table && call.arguments.ends_with(';'))
    call.arguments = trimmed(call.arguments.substr(0, call.arguments.size() - 1));
  if (command->is_table && call.operators.empty())
    while (call.arguments.ends_with(';')) call.arguments = trimmed(call.arguments.substr(0, call.arguments.size() - 1));
  if (command->arguments.empty() && !call.arguments.empty())
    return command_error(call, call.arguments, "." + std::string(command->words) + " takes no arguments");
  return command->run(shell, call);
}

}  // namespace wardian::cli
