#pragma once

#include <filesystem>

#include "wardian/image/interpreter.h"
#include "wardian/image/step.h"

namespace wardian::image {

/// A virtual environment as its folder describes it; nothing in it is run.
struct Environment {
  std::filesystem::path site_packages;
  Interpreter python;  // the one that it was made from
};
/// Errors: bad_argument for a folder that is none, or that leans on packages outside of it.
Result<Environment> read_environment(const std::filesystem::path& folder);

/// Copies its packages, without compiled caches. Errors: bad_argument for one that lies elsewhere (installed editable, or named by a
/// .pth file), and for links that lead out; disk_full, io, cancelled, timeout.
Status copy_packages(const Environment& environment, const std::filesystem::path& target, const Progress& progress);

}  // namespace wardian::image
