#pragma once

#include <memory>

#include "wardian/cli/commands.h"
#include "wardian/session/instance.h"

namespace wardian::cli {

/// The engine with what the surroundings name; no sandbox starts before the first script.
Result<std::unique_ptr<session::Instance>> open_instance(const Surroundings& surroundings);

/// The environment that holds this program: scripts run in its Python.
Result<sandbox::Image> default_image();

}  // namespace wardian::cli
