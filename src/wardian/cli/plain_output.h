#pragma once

#include <string>

namespace wardian::cli {

/// Writes a text to standard output, to its end. The exit status: failed, and told on standard error, where it could not be written;
/// a reader that has seen enough is no failure.
int show_text(const std::string& text);

/// Tells that `place` could not be written; gives the exit status.
int output_failed(const std::string& place);

}  // namespace wardian::cli
