#pragma once

#include <memory>

#include "wardian/cli/commands.h"
#include "wardian/session/instance.h"

namespace wardian::cli {

/// The engine with what the surroundings name; no sandbox starts before the first script.
Result<std::unique_ptr<session::Instance>> open_instance(const Surroundings& surroundings);

/// The environment that holds this program: scripts run in its Python.
Result<sandbox::Image> default_image();

/// An image by its name, empty or "default" for the default one.
struct ChosenImage {
  sandbox::Image image;
  std::filesystem::path python;  // its interpreter, as one runs it outside of a sandbox
  image::HeldGeneration held;    // as long as this lives the image stays as it is
};
Result<ChosenImage> choose_image(const std::string& name);

}  // namespace wardian::cli
