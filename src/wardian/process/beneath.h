#pragma once

#include <filesystem>

#include "wardian/base/unique_fd.h"

namespace wardian::process {

/// What lies at `path` below the open folder, as a place (O_PATH) without the right to read. Neither "..", nor a link, nor a mount of links
/// leads out of the folder, whatever is renamed while it looks. Invalid with errno: EXDEV for a path that leads out, ENOENT, …
/// Where the kernel cannot promise that by itself (before Linux 5.6, or by a filter of its calls), links and ".." are refused altogether.
UniqueFd open_beneath(int folder, const std::filesystem::path& path);

/// True for `folder` itself and for what its words lead to: both paths normal, no link is followed.
bool lies_in(const std::filesystem::path& path, const std::filesystem::path& folder);

}  // namespace wardian::process
