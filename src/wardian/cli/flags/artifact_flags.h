#pragma once

#include <string>
#include <vector>

#include "wardian/cli/commands.h"
#include "wardian/cli/flags/command_flags.h"

namespace wardian::cli {

/// Where the artifacts of scripts may come from, as the command line gives it.
struct GivenArtifacts {
  std::vector<std::string> folders;
  std::string cache;
};
void add_artifact_options(CLI::App& command, GivenArtifacts& given);
/// After external_files_allowed was read, which allows every file.
void read_artifacts(const GivenArtifacts& given, Surroundings& around);

}  // namespace wardian::cli
