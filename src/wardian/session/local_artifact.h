#pragma once

#include <memory>
#include <string_view>

#include "wardian/session/artifact_policy.h"
#include "wardian/session/artifact_source.h"

namespace wardian::session {

/// A file of this machine, if it lies below an allowed folder: neither ".." nor a link leads out of one, whatever is renamed meanwhile. A
/// relative path is looked for in each folder in turn, and then, where every file is allowed, in the working folder.
/// Only ordinary files: a pipe or device may have no end. Errors: access_denied, file_not_found, bad_file.
Result<std::unique_ptr<ArtifactSource>> open_local_artifact(std::string_view path, const ArtifactPolicy& policy,
                                                            const FetchLimits& limits);

/// The same, as far as the path's text tells.
Status check_local_artifact(std::string_view path, const ArtifactPolicy& policy);

}  // namespace wardian::session
