#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "wardian/base/result.h"
#include "wardian/base/unique_fd.h"

namespace wardian::process {

/// An empty file in `folder` without a name: for reading and writing, and gone with its last descriptor, also when the process is
/// killed. Errors: disk_full, io.
Result<UniqueFd> unlinked_file(const std::filesystem::path& folder);

/// Writes the whole of `bytes` at `offset`. Errors: disk_full, io.
Status write_to_disk(int fd, std::span<const std::byte> bytes, std::uint64_t offset);

}  // namespace wardian::process
