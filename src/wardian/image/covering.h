#pragma once

#include <vector>

#include "wardian/image/inline_metadata.h"
#include "wardian/image/manifest.h"
#include "wardian/image/python_version.h"

namespace wardian::image {

/// Whether packages that are there are all that a script asks for, each in a version that it allows. Careful: extras, markers and
/// versions that are not three plain numbers count as not there.
bool covers(const std::vector<Package>& packages, const PythonVersion& python, const InlineMetadata& metadata);

}  // namespace wardian::image
