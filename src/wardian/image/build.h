#pragma once

#include <filesystem>
#include <string>

#include "wardian/image/step.h"
#include "wardian/image/store.h"
#include "wardian/sandbox/level.h"

namespace wardian::image {

struct BuildOptions {
  std::filesystem::path default_python;  // of the environment that holds Wardian
  std::string installer = {};            // "uv", "pip"; empty: the best that is there
  Progress progress = {};
  enum class Existing : std::uint8_t {
    refuse,
    replace,
    take
  } existing = Existing::refuse;                     // take: one of the same recipe is the answer
  sandbox::Level minimum_level = sandbox::Level::d;  // for the trial
};

/// Makes an image: an environment of its own with what the recipe asks for and numpy, pandas and pyarrow, tried in the sandbox before
/// it counts. Where the recipe does not name pandas, it is one before 3, as in the default image. Nothing that is installed
/// runs outside of the sandbox, unless sources are allowed. Errors: image_failed with what the installer said, image_exists, image_busy,
/// bad_argument, disk_full, cancelled, timeout; nothing is left behind then, and an image that is replaced stays as it was.
Result<StoredImage> build_image(const Store& store, const std::string& name, const Recipe& recipe, const BuildOptions& options);

}  // namespace wardian::image
