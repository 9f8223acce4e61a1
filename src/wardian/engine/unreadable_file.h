#pragma once

#include <string_view>

namespace wardian::engine {

/// How the message of an unreadable file begins, whoever found it so: then the file's name, a colon and why.
inline constexpr std::string_view kUnreadableFile = "The file cannot be read: ";

}  // namespace wardian::engine
