#pragma once

#include <string>
#include <string_view>

#include "wardian/base/error.h"

namespace wardian::cli {

/// The error as a person reads it: code and message, the line of the query with carets under the place, the hint.
/// `name` is what the text is called: a file's path, or "query". `coloured`: for a terminal that takes colours.
/// Further errors follow, each like the first.
std::string error_text(const Error& error, std::string_view text, std::string_view name, bool coloured = false);

/// The error as one JSON object: code, message, line, column (from 1; absent without a place), hint.
std::string error_json(const Error& error, std::string_view text);

/// Two members of an answer: "error", the first, and "errors", all of them.
std::string error_members(const Error& error, std::string_view text);

}  // namespace wardian::cli
