#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "wardian/base/result.h"

namespace wardian::image {

/// A requirements file as one text, with what it includes (`-r`, read in its place), so that it can be kept.
/// Errors: file_not_found, bad_file (an editable package, constraints, an include of itself, no text) with file and line.
Result<std::string> read_requirements(const std::filesystem::path& file);

/// What the builder must know of such a text.
struct RequirementsFacts {
  bool hashed = false;  // it pins by hash, so nothing can be added to it
  bool names_pandas = false;
  std::string index_options;  // its lines of --index-url, --find-links and their like, which a lock needs too
};
RequirementsFacts facts_of(std::string_view requirements);

}  // namespace wardian::image
