#pragma once

#include <string>
#include <string_view>

#include "wardian/cli/shell/shell.h"

namespace wardian::cli {

/// What may stand at the cursor of a text at the prompt, a query or a command, as EditorQuestions::complete answers.
std::string complete_at_prompt(Shell& shell, std::string_view text, std::size_t cursor);

/// The text's colours, as EditorQuestions::colours answers.
std::string colours_at_prompt(std::string_view text);

}  // namespace wardian::cli
