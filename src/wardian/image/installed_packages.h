#pragma once

#include <filesystem>
#include <vector>

#include "wardian/image/manifest.h"

namespace wardian::image {

/// The packages of a folder, by their metadata (`*.dist-info`, `*.egg-info`), sorted by name. Left out: those whose name or version is none.
std::vector<Package> installed_packages(const std::filesystem::path& site_packages);

/// What a folder takes on disk, links not followed.
std::uint64_t bytes_below(const std::filesystem::path& folder);

}  // namespace wardian::image
