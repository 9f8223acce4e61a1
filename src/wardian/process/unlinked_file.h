#pragma once

#include <filesystem>

#include "wardian/base/result.h"
#include "wardian/base/unique_fd.h"

namespace wardian::process {

/// An empty file in `folder` without a name: for reading and writing, and gone with its last descriptor, also when the process is
/// killed. Errors: disk_full, io.
Result<UniqueFd> unlinked_file(const std::filesystem::path& folder);

}  // namespace wardian::process
