#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "wardian/base/result.h"

namespace wardian::process {

/// A folder of this user's alone, below one that may be everybody's: `name`, or when a stranger took that name first (or left it open to
/// others), `name`-1, `name`-2, and so on. Made when missing. Links are not followed.
Result<std::filesystem::path> private_folder(const std::filesystem::path& parent, const std::string& name);

/// Those that there are already, under any of these names.
std::vector<std::filesystem::path> private_folders(const std::filesystem::path& parent, const std::string& name);

}  // namespace wardian::process
