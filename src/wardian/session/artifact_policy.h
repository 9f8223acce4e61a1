#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "wardian/base/result.h"
#include "wardian/base/unique_fd.h"

namespace wardian::session {

/// A folder that artifacts may come from, held open: whatever is put at its name later, this folder is meant.
struct AllowedFolder {
  std::filesystem::path given;  // absolute, without dots
  std::filesystem::path real;   // with all links resolved
  std::shared_ptr<const UniqueFd> handle;

  /// Errors: file_not_found, bad_file where it is no folder.
  static Result<AllowedFolder> open(const std::filesystem::path& folder);
};

/// Where the artifacts of a request may come from. A value: each request has its own.
struct ArtifactPolicy {
  bool any_file = false;               // --allow-external-files
  std::vector<AllowedFolder> folders;  // --allow-artifacts
  /// Of one artifact, of those of one call together, and of those kept for later calls: --artifact-cache.
  std::uint64_t bytes_max = std::uint64_t{4} << 30;

  bool allows_some() const { return any_file || !folders.empty(); }
};

}  // namespace wardian::session
