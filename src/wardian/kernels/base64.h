#pragma once

#include <string>
#include <string_view>

namespace wardian::kernels {

/// RFC 4648, with padding. Appends.
void append_base64(std::string& out, std::string_view bytes);

/// false, with `out` unspecified, for anything but whole groups of four characters. Appends.
bool append_base64_decoded(std::string& out, std::string_view text);

}  // namespace wardian::kernels
