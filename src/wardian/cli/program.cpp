#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>

#include "wardian/base/similar_name.h"
#include "wardian/cli/commands.h"
#include "wardian/cli/flags/command_flags.h"
#include "wardian/cli/plain_output.h"
#include "wardian/cli/standard_descriptors.h"

namespace {

using namespace wardian;
using namespace wardian::cli;

constexpr CommandFlags (*kCommands[])(CLI::App&) = {&query_flags, &shell_flags, &complete_flags, &explain_flags,
                                                    &check_flags, &parse_flags, &import_flags,   &image_flags,
                                                    &blob_flags,  &debug_flags, &profile_flags,  &doctor_flags};

/// A value of nothing, as an unset variable of the shell gives, would pass for no value at all.
void refuse_empty_values(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_expected_max() == 0) continue;  // a flag
    if (std::ranges::find(option->results(), "") != option->results().end())
      throw CLI::ValidationError(option->get_name(), "is given without a value");
  }
  for (const CLI::App* action : command.get_subcommands()) refuse_empty_values(*action);
}

void refuse_unknown_command(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return;
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) names.push_back(command->get_name());
  const std::string given = argv[1];
  if (std::ranges::find(names, given) != names.end()) return;
  const std::string near = did_you_mean(given, std::vector<std::string_view>(names.begin(), names.end()));
  std::string listed;
  for (const std::string& name : names) listed += (listed.empty() ? "" : ", ") + name;
  throw CLI::ValidationError("Unknown command: " + given + ". " + (near.empty() ? "The commands are: " + listed : near));
}

int run(int argc, char** argv) {
  CLI::App app{"Wardian runs KQL with sealed Python in its middle.", "wardian"};
  app.set_version_flag("--version", "wardian " WARDIAN_VERSION);
  app.require_subcommand(1);
  std::vector<CommandFlags> commands;
  for (const auto add : kCommands) commands.push_back(add(app));
  try {
    refuse_unknown_command(app, argc, argv);
    app.parse(argc, argv);
    for (const CommandFlags& each : commands) {
      if (!each.command->parsed()) continue;
      refuse_empty_values(*each.command);
      for (const CLI::App* part : each.command->get_subcommands()) refuse_empty_values(*part);
      return each.run();
    }
    return kUsage;  // not reached: one command is required
  } catch (const CLI::ParseError& error) {
    if (app.exit(error) != 0) return kUsage;
    std::cout.flush();  // the help or the version
    return std::cout ? kFine : output_failed("standard output");
  }
}

}  // namespace

int main(int argc, char** argv) {
  wardian::cli::open_standard_descriptors();
  const int status = run(argc, argv);
  // Not by exit(3): an engine that was left to the end of the process has threads still, which would lose their statics.
  std::cout.flush();
  std::fflush(nullptr);
  ::_exit(status);
}
