#pragma once

#include <string>

#include "wardian/cli/commands.h"
#include "wardian/cli/flags/command_flags.h"

namespace wardian::cli {

/// The limits of scripts as the command line gives them, for every command that runs some.
struct GivenSandbox {
  std::string memory, time, scratch, level;
  unsigned cpu = 50, count = 16;
};
void add_sandbox_options(CLI::App& command, GivenSandbox& given);
void read_sandbox(const GivenSandbox& given, Surroundings& around);

}  // namespace wardian::cli
