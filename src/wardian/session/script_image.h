#pragma once

#include <string>

#include "wardian/plan/node.h"
#include "wardian/session/request.h"
#include "wardian/session/runner_set.h"

namespace wardian::session {

/// The image in which a script runs: the query's own `set python_image`; else what the script says of itself, which the default image may
/// have, and for which an image is made when there is none and the request allows it; else the request's. Empty: the default one. Errors: access_denied, those of
/// image::build_image and of the metadata.
Result<std::string> image_of(const plan::PythonCall& call, const Request& request, RunnerSet& runners);

}  // namespace wardian::session
