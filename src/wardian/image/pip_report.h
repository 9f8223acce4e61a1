#pragma once

#include <string>
#include <string_view>

#include "wardian/base/result.h"

namespace wardian::image {

/// The lock file that pip's installation report amounts to: `name==version --hash=sha256:…` a line, sorted.
/// Source: pip's documentation, "Installation Report". Errors: image_failed, also for what has no hash (a folder, version control).
Result<std::string> lock_of_pip_report(std::string_view json);

}  // namespace wardian::image
