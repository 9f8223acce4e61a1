#pragma once

namespace wardian::sandbox::launcher {

/// Tries each kernel feature for real in short-lived children and prints "name=value" lines to standard output.
int print_trials();

}  // namespace wardian::sandbox::launcher
