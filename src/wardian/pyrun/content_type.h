#pragma once

#include <string_view>

namespace wardian::pyrun {

/// Whether the bytes are a PNG file from its signature to its last chunk. Nothing in the chunks is opened.
bool is_whole_png(std::string_view bytes);

/// Whether the bytes are UTF-8 text whose first element is <svg>. What a picture of that kind does is for who opens it to know.
bool is_svg(std::string_view bytes);

/// Whether the bytes begin as a page of HTML does.
bool is_html(std::string_view bytes);

}  // namespace wardian::pyrun
