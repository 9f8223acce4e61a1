#pragma once

#include <optional>
#include <string_view>

#include "wardian/base/error.h"

namespace wardian::engine {

/// What the engine's readers of CSV and JSON report of a file, in our words: the file, the line, what is wrong there. Nothing for a
/// message of another kind. The code is bad_file.
std::optional<Error> text_file_error(std::string_view message);

}  // namespace wardian::engine
