#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "wardian/plan/node.h"
#include "wardian/pyrun/call.h"
#include "wardian/session/artifact_fetcher.h"

namespace wardian::session {

/// Artifacts as files that scripts can be shown, read once for as long as they do not change where they come from; by how many requests at
/// once, under which names, makes no difference. What a request may read is asked each time. Thread-safe.
class ArtifactCache {
 public:
  using Open = Result<std::unique_ptr<ArtifactSource>> (*)(std::string_view location, const ArtifactPolicy& policy,
                                                           const FetchLimits& limits);
  explicit ArtifactCache(Open open = &open_artifact) : open_(open) {}

  /// Errors: those of open_artifact, of the source and of the store; bad_file for a file that changes as fast as it is read.
  Result<pyrun::StoredFilePtr> get(std::string_view location, const ArtifactPolicy& policy, const FetchLimits& limits,
                                   pyrun::FileStore& store);

 private:
  struct Known {
    std::weak_ptr<const pyrun::StoredFile> file;
    bool being_read = false;
  };
  /// The file, if its content is known; else null, and it is the caller's to read and to tell (`settle`). Waits while another reads.
  Result<pyrun::StoredFilePtr> find(const std::string& identity, const FetchLimits& limits);
  void settle(const std::string& identity, const pyrun::StoredFilePtr& file);

  Open open_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::unordered_map<std::string, Known> known_;
};

/// The artifacts of one call, each error at its place in the query. Together no larger than the policy allows.
Result<std::vector<pyrun::FileInput>> fetch_artifacts(std::span<const plan::Artifact> artifacts, const ArtifactPolicy& policy,
                                                      const FetchLimits& limits, ArtifactCache& cache, pyrun::FileStore& store);

}  // namespace wardian::session
