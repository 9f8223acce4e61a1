#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "wardian/base/result.h"
#include "wardian/base/unique_fd.h"
#include "wardian/pyrun/extras.h"

namespace wardian::cli {

/// The folder of --artifacts. One that was made here, or was empty, is marked, and later queries replace in it what earlier ones
/// saved; in any other nothing is ever replaced. One process saves nothing twice under one name. Links below it are not followed.
class ArtifactFolder {
 public:
  /// Makes the folder where there is none. Error: io.
  static Result<ArtifactFolder> open(const std::filesystem::path& path);

  /// Saves the output, whole or not at all, below the folder; a name that is taken gets a number. The path of the file.
  /// Errors: disk_full, io.
  Result<std::filesystem::path> save(pyrun::Extra extra);

 private:
  ArtifactFolder(std::filesystem::path path, UniqueFd fd, bool ours) : path_(std::move(path)), fd_(std::move(fd)), ours_(ours) {}

  std::filesystem::path path_;
  UniqueFd fd_;
  bool ours_;
  pyrun::UniqueExtraNames names_;
};

}  // namespace wardian::cli
