#pragma once

#include <string>
#include <string_view>

namespace wardian::catalog {

/// SHA-256 of the bytes, 64 hexadecimal digits.
std::string sha256_text(std::string_view bytes);

}  // namespace wardian::catalog
