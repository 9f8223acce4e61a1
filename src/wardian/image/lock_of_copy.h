#pragma once

#include <filesystem>
#include <string>

#include "wardian/image/step.h"
#include "wardian/image/store.h"

namespace wardian::image {

/// A lock for an image whose packages were copied: for each package that has a name and a version the hashes that the index gives for
/// that very version. They are of what the index has, not of what was copied, which nobody can tell from files once they are installed.
/// `installer` is "uv", "pip" or empty. Errors: image_failed with the installer's words, as for a package that the index does not have.
Result<std::string> lock_of_copy(const StoredImage& image, const std::filesystem::path& default_python,
                                 const std::string& installer, const Progress& progress);

}  // namespace wardian::image
