#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wardian/base/result.h"

namespace wardian::image {

/// What a script says of itself in a comment block `# /// script … # ///`.
/// Source: the Python packaging specifications, "Inline script metadata" (PEP 723).
struct InlineMetadata {
  std::vector<std::string> dependencies;  // requirement specifiers, in their order
  std::string requires_python;            // or empty
};

/// nullopt for a script without such a block; scripts may be indented as a whole. Errors: bad_argument for two blocks or for one
/// that is no such metadata, with the script's line in the message.
Result<std::optional<InlineMetadata>> inline_metadata(std::string_view script);

/// The requirements file that the metadata amounts to: what tells two of them apart. Errors: bad_argument for a dependency that is more
/// than a requirement of an index (a place, an option): a script may not name those.
Result<std::string> requirements_of(const InlineMetadata& metadata);

/// The name of the image that serves metadata of this text: the same for the same text.
std::string image_name_of(std::string_view requirements, std::string_view requires_python);

}  // namespace wardian::image
