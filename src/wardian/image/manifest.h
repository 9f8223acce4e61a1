#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "wardian/base/result.h"

namespace wardian::image {

/// What an image is made from, kept with it so that it can be made anew.
struct Recipe {
  std::string requirements;      // text of a requirements file; empty with `environment`
  std::string environment;       // folder of a virtual environment whose packages were copied; or empty
  std::string python;            // as it was asked for: a version, a path, or empty for the default's
  std::string requires_python;   // of a script's own metadata; or empty
  bool sources_allowed = false;  // packages may be built from source, which runs their code outside of any sandbox

  bool operator==(const Recipe&) const = default;
};

struct Package {
  std::string name;
  std::string version;
};

/// An image as its folder describes it.
struct Manifest {
  std::string name;
  std::string generation;  // the folder, beside the manifest, that holds this state of the image
  std::string python;      // the interpreter outside, an absolute path
  std::string python_version;
  std::string created;    // UTC, 2026-01-31T12:00:00Z
  std::string installer;  // "uv", "pip" or "copy"
  Recipe recipe;
  std::vector<Package> packages;  // sorted by name
  std::uint64_t bytes = 0;        // on disk

  /// The version of a package, empty when it is not there. Names without regard to case, `-`, `_` and `.` being the same.
  std::string version_of(std::string_view package) const;
};

std::string encode(const Manifest& manifest);
/// Errors: bad_file.
Result<Manifest> decode_manifest(std::string_view json, const std::filesystem::path& file);

}  // namespace wardian::image
