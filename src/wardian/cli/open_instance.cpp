#include "wardian/cli/open_instance.h"

#include "wardian/cli/declarations.h"
#include "wardian/image/image_name.h"
#include "wardian/image/store.h"
#include "wardian/session/table_set.h"

namespace wardian::cli {

namespace fs = std::filesystem;

Result<sandbox::Image> default_image() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  sandbox::Image image;
  // An installed program has its interpreter beside it; a build tree lies below the checkout whose .venv has one.
  std::vector<fs::path> candidates = {program.parent_path() / "python"};
  for (fs::path folder = program.parent_path(); folder != folder.root_path(); folder = folder.parent_path()) {
    candidates.push_back(folder / ".venv" / "bin" / "python");
  }
  for (const fs::path& candidate : candidates) {
    if (fs::exists(candidate, error)) {
      image.python = candidate;
      return image;
    }
  }
  return Error{ErrorCode::sandbox_unavailable,
               "No Python environment was found beside the program: " + program.string(),
               {},
               "Install wardian into a virtual environment, and run it from there."};
}

Result<ChosenImage> choose_image(const std::string& name) {
  ChosenImage chosen;
  if (name.empty() || name == image::kDefaultName) {
    WARDIAN_ASSIGN(chosen.image, default_image());
    chosen.python = chosen.image.python;
    return chosen;
  }
  WARDIAN_ASSIGN(image::ImageInUse used, image::Store(image::Store::default_folder()).use(name));
  return ChosenImage{used.image, used.outside_python(), std::move(used.held)};
}

Result<std::unique_ptr<session::Instance>> open_instance(const Surroundings& surroundings) {
  WARDIAN_ASSIGN(engine::Database database, engine::Database::open({.memory_bytes_max = surroundings.memory_bytes_max}));
  auto tables = std::make_shared<session::TableSet>();
  if (surroundings.database_folder || !surroundings.tables.empty()) {
    WARDIAN_ASSIGN(engine::Connection connection, database.connect());
    if (surroundings.database_folder) {
      WARDIAN_ASSIGN(const catalog::DatabaseFile opened,
                     catalog::DatabaseFile::open(database, *surroundings.database_folder, surroundings.database,
                                                 engine::AttachMode::read_only));
      WARDIAN_TRY(tables->add_database(connection, opened));
    }
    for (const auto& [name, file] : surroundings.tables) WARDIAN_TRY(tables->show_file(connection, name, file));
  }
  if (surroundings.declarations) WARDIAN_TRY(read_declarations(*surroundings.declarations, *tables));
  if (!surroundings.external_files_allowed) {
    std::vector<fs::path> shown;
    for (const auto& [name, file] : surroundings.tables) shown.push_back(fs::absolute(file));
    WARDIAN_TRY(database.seal(shown));
  }
  session::ScriptSettings scripts;
  scripts.pool = [surroundings, spill = database.spill_folder()]() -> Result<sandbox::PoolConfig> {
    sandbox::PoolConfig config;
    WARDIAN_ASSIGN(config.image, default_image());
    config.policy = surroundings.sandbox;
    config.sandbox_count_max = surroundings.sandbox_count_max;
    config.minimum_level = surroundings.minimum_level;
    config.cleanup_paths = {spill};  // should this process be killed
    return config;
  };
  auto instance = std::make_unique<session::Instance>(std::move(database), std::move(tables), std::move(scripts));
  if (surroundings.database_folder) instance->use_blobs(catalog::BlobStore(*surroundings.database_folder));
  return instance;
}

}  // namespace wardian::cli
