#pragma once

#include <string_view>

#include "wardian/base/result.h"

namespace wardian::image {

/// The environment that holds Wardian itself; always there, and no image of the store.
inline constexpr std::string_view kDefaultName = "default";

/// A name is that of a folder: letters, digits, `.`, `_` and `-`, beginning with a letter or digit, 64 characters at most.
/// Errors: bad_argument.
Status check_name(std::string_view name);

}  // namespace wardian::image
