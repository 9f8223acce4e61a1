#pragma once

#include <string>
#include <string_view>

namespace wardian::cli {

/// Terminal columns that the text takes: wide East Asian characters two, combining ones none.
int display_width(std::string_view text);

/// The text on one line, safe to show: control characters and bidirectional overrides as visible escapes (\n, \x1b,
/// \u202e), what is no UTF-8 as U+FFFD.
std::string on_one_line(std::string_view text);

/// Likewise line by line: line breaks stay, also those of the form \r\n.
std::string printable_lines(std::string_view text);

/// The text cut to `width` columns, with "…" as its last one where something was cut.
std::string clipped(std::string_view text, int width);

}  // namespace wardian::cli
