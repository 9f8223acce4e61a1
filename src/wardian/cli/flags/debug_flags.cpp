#include "wardian/cli/commands.h"
#include "wardian/cli/flags/command_flags.h"
#include "wardian/cli/flags/sandbox_flags.h"

namespace wardian::cli {
namespace {

struct Given {
  DebugOptions options;
  GivenSandbox sandbox;
  int port = -1;
};

}  // namespace

CommandFlags debug_flags(CLI::App& program) {
  CLI::App& command = *program.add_subcommand("debug", "run a Python call that query --debug-python kept once more");
  const auto given = std::make_shared<Given>();
  command.add_option("folder", given->options.folder, "the folder of the call")->required()->type_name("FOLDER");
  command
      .add_option("--listen", given->port,
                  "wait for a debugger (VS Code, or whatever speaks the Debug Adapter Protocol) on this port of 127.0.0.1; 0 "
                  "takes a free one")
      ->check(CLI::Range(0, 65535))
      ->type_name("PORT");
  command.add_flag("--confined", given->options.confined,
                   "run it in a sandbox, as the query did; without, it may do what you may do");
  add_sandbox_options(command, given->sandbox);
  return {&command, [given, &command] {
            DebugOptions& options = given->options;
            if (given->port >= 0) options.port = static_cast<std::uint16_t>(given->port);
            options.set_limits = [given, &command](Surroundings& around) {
              if (command.count("--sandbox-cpu") == 0) given->sandbox.cpu = around.sandbox.cpu_percent_max;
              read_sandbox(given->sandbox, around);
            };
            Surroundings trial;  // wrong usage is told before anything runs
            options.set_limits(trial);
            return run_debug(options);
          }};
}

}  // namespace wardian::cli
