#include "wardian/cli/commands.h"
#include "wardian/cli/flags/command_flags.h"

namespace wardian::cli {

CommandFlags doctor_flags(CLI::App& program) {
  CLI::App& command = *program.add_subcommand("doctor", "say what the sandbox holds on this machine");
  const auto json = std::make_shared<bool>(false);
  command.add_flag("--json", *json, "as JSON");
  return {&command, [json] { return run_doctor(*json); }};
}

}  // namespace wardian::cli
