#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "wardian/image/interpreter.h"
#include "wardian/image/step.h"

namespace wardian::image {

/// What an installer needs to know. It never runs anything that it has installed.
struct Installation {
  Interpreter python;
  std::filesystem::path
      program;  // the installer's own: uv, or the folder that holds the module pip (empty: the interpreter has it)
  std::filesystem::path folder;                     // for its files and its log
  std::vector<std::filesystem::path> requirements;  // requirements files
  std::filesystem::path constraints;                // or empty
  std::filesystem::path site_packages;              // where packages go
  bool dependencies_too = true;                     // else what is asked for alone is chosen
  bool sources_allowed = false;                     // else wheels only, whose installation runs no code of theirs
  const Progress* progress = nullptr;

  std::filesystem::path log() const { return folder / "build.log"; }
};

/// A way to install packages: a row.
struct Installer {
  std::string_view name;
  /// Its program for this interpreter; nullopt where it is not there.
  std::optional<std::filesystem::path> (*find)(const Interpreter& python, const std::filesystem::path& default_python);
  /// Chooses a version of everything: the lines of a requirements file, each with the hashes of what may be installed for it.
  Result<std::string> (*choose)(const Installation& installation);
  /// Installs just what the lock file `requirements.lock` in the folder names, checked by its hashes.
  Status (*install)(const Installation& installation, const std::filesystem::path& lock);
};

/// Best first.
extern const std::vector<Installer> kInstallers;

struct FoundInstaller {
  const Installer* installer = nullptr;
  std::filesystem::path program;
};
/// The first that is there, or the one named. Errors: bad_argument, image_failed.
Result<FoundInstaller> find_installer(const std::string& name, const Interpreter& python,
                                      const std::filesystem::path& default_python);

}  // namespace wardian::image
