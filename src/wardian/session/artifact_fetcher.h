#pragma once

#include <memory>
#include <string_view>

#include "wardian/kql/bind.h"
#include "wardian/session/artifact_policy.h"
#include "wardian/session/artifact_source.h"

namespace wardian::session {

/// Opens what a query names as an artifact, if the policy allows it. A place is a path, or a URL of a scheme in this file's table, perhaps
/// followed by ";" and a key. Errors: access_denied, not_supported for a scheme whose time has not come, bad_argument, and those of the scheme.
Result<std::unique_ptr<ArtifactSource>> open_artifact(std::string_view location, const ArtifactPolicy& policy,
                                                      const FetchLimits& limits);

/// What can be said of a place before anything is opened, for the binder.
class ArtifactPlaces final : public kql::ArtifactPlaces {
 public:
  explicit ArtifactPlaces(const ArtifactPolicy& policy) : policy_(policy) {}
  Status check(std::string_view location) const override;

 private:
  const ArtifactPolicy& policy_;
};

}  // namespace wardian::session
