#include "wardian/cli/flags/artifact_flags.h"

#include "wardian/cli/flags/flag_values.h"

namespace wardian::cli {

void add_artifact_options(CLI::App& command, GivenArtifacts& given) {
  command.add_option("--allow-artifacts", given.folders, "let external_artifacts read files below FOLDER; may be repeated")
      ->type_name("FOLDER")
      ->allow_extra_args(false);
  command
      .add_option("--artifact-cache", given.cache,
                  "what artifacts may take on disk, those of one script and those kept for each image (default 4GB)")
      ->type_name("SIZE");
}

void read_artifacts(const GivenArtifacts& given, Surroundings& around) {
  around.artifacts.any_file = around.external_files_allowed;
  read_size(given.cache, "--artifact-cache", around.artifacts.bytes_max);
  for (const std::string& folder : given.folders) {
    auto opened = session::AllowedFolder::open(folder);
    if (!opened.ok()) throw CLI::ValidationError("--allow-artifacts", opened.error().message);
    around.artifacts.folders.push_back(std::move(*opened));
  }
}

}  // namespace wardian::cli
