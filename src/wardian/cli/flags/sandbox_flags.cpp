#include "wardian/cli/flags/sandbox_flags.h"

#include "wardian/cli/flags/flag_values.h"

namespace wardian::cli {

void add_sandbox_options(CLI::App& command, GivenSandbox& given) {
  command.add_option("--sandbox-memory", given.memory, "memory of one script: 512MB, 4GB (default 1GB)")->type_name("SIZE");
  command.add_option("--sandbox-time", given.time, "time of one script (default 30s)")->type_name("TIME");
  command.add_option("--sandbox-scratch", given.scratch, "scratch files of one script (default 64MB)")->type_name("SIZE");
  command.add_option("--sandbox-cpu", given.cpu, "share of all cores for one script, 1-100 (default 50)")
      ->check(CLI::Range(1, 100));
  command.add_option("--sandbox-count", given.count, "scripts at the same time (default 16)")->check(CLI::Range(1, 256));
  command.add_option("--sandbox-level", given.level, "least confinement to accept, A to E (default D); see wardian doctor")
      ->type_name("LEVEL");
}

void read_sandbox(const GivenSandbox& given, Surroundings& around) {
  around.sandbox_count_max = given.count;
  around.sandbox.cpu_percent_max = given.cpu;
  read_size(given.memory, "--sandbox-memory", around.sandbox.memory_bytes_max);
  read_size(given.scratch, "--sandbox-scratch", around.sandbox.scratch_bytes_max);
  if (const auto limit = read_time(given.time, "--sandbox-time")) around.sandbox.wall_time_max = *limit;
  if (!given.level.empty()) {
    const auto level = sandbox::level_named(given.level);
    if (!level || *level == sandbox::Level::f) throw CLI::ValidationError("--sandbox-level", "is none of A to E: " + given.level);
    around.minimum_level = *level;
  }
  if (const Status sound = sandbox::check(around.sandbox); !sound.ok())
    throw CLI::ValidationError(sound.error().message + ". " + sound.error().hint);
}

}  // namespace wardian::cli
