#pragma once

#include <string>

#include "wardian/base/result.h"

namespace wardian::cli {

/// Vega, Vega-Lite and Vega-Embed as scripts of a page, so that it works without a network. They are installed beside the program. Error:
/// io where they are not.
Result<std::string> chart_scripts();

}  // namespace wardian::cli
