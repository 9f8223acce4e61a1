#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wardian/cli/shell/shell.h"

namespace wardian::cli {

/// A command of the shell: a text that begins with a dot. Its arguments are what follows its words.
struct CommandCall {
  std::string_view whole;      // from the dot on
  std::string_view arguments;  // a part of `whole`, trimmed; without the operators
  std::string_view operators;  // "| where …" after them, where the command's answer is a table
  std::string_view name;       // what errors call the text
};

/// A command is a row: what runs it, its help and its completion read the same rows.
struct ShellCommand {
  std::string_view words;      // "show tables", without the dot
  std::string_view arguments;  // as the help shows them: "[as json]"
  std::string_view summary;    // one sentence
  Status (*run)(Shell& shell, const CommandCall& call);
  bool is_table = false;  // its answer is a table, after which operators may follow
};

/// All of them, by family; each family a table at the end of its own file, sorted by words.
std::span<const std::span<const ShellCommand>> shell_commands();
std::span<const ShellCommand> session_commands();  // commands.cpp
std::span<const ShellCommand> file_commands();     // file_commands.cpp
std::span<const ShellCommand> show_commands();     // show_commands.cpp
std::span<const ShellCommand> set_commands();      // set_command.cpp

/// A name that `.set` knows, and what values it takes.
struct SettingHelp {
  std::string_view name;
  std::string_view values;
};
std::vector<SettingHelp> shell_settings();

/// Runs the command that the text, which begins with a dot, is. Errors: bad_argument for one that is none, with the nearest as hint.
Status run_command(Shell& shell, const std::string& text, const std::string& name);

/// The error at a part of the call's text.
Error command_error(const CommandCall& call, std::string_view part, std::string message, std::string hint = {});

}  // namespace wardian::cli
