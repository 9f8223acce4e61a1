#pragma once

#include <string_view>

namespace wardian::cli {

/// Whether a text that is being typed may run. False while a bracket or a quote is open, behind a trailing `|`, and where the parser wants
/// more at the end; an empty last line makes it whole whatever it lacks, so that the error is told.
bool is_whole(std::string_view text);

/// Whether a bracket, a quote or a pipe at the end of the text waits for more: an empty line within is no end.
bool is_open(std::string_view text);

}  // namespace wardian::cli
