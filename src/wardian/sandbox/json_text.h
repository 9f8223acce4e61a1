#pragma once

#include <string>
#include <string_view>

namespace wardian::sandbox {

/// `text` as a JSON string with its quotes. The text is UTF-8 already.
std::string json_string(std::string_view text);

}  // namespace wardian::sandbox
