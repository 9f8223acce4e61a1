#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "wardian/base/result.h"
#include "wardian/process/cancel_token.h"

namespace wardian::image {

/// How long the programs that make an image may run, and who hears of them.
struct Progress {
  std::function<void(const std::string&)> say = {};  // one line a step; may be empty
  const process::CancelToken* cancel = nullptr;
  std::optional<std::chrono::steady_clock::time_point> deadline = {};
};

/// One program on the way to an image. Its output goes to the end of `log`.
struct Step {
  std::string what;  // "Choosing versions with uv": how an error begins
  std::filesystem::path executable;
  std::vector<std::string> arguments;
};

/// Runs it to its end, with this process's environment. Errors: image_failed with the last lines of its output, cancelled, timeout;
/// the program and what it started are killed then.
Status run_step(const Step& step, const std::filesystem::path& log, const Progress& progress);

}  // namespace wardian::image
