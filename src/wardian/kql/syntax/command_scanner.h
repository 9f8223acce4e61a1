#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "wardian/base/result.h"

namespace wardian::kql::syntax {

/// A pair of brackets at the top level of a command's head: byte offsets of both.
struct CommandGroup {
  char open = '(';
  std::size_t begin = 0, end = 0;
};

/// The head of one command: everything up to `<|`, `|`, the next command, or the end.
struct CommandHead {
  std::size_t begin = 0;  // of the dot
  std::size_t end = 0;
  enum class Stop : unsigned char { end_of_text, query_follows, operators_follow, next_command } stop = Stop::end_of_text;
  std::vector<std::string> words;      // the verb first
  std::vector<std::size_t> word_ends;  // byte after each word
  std::vector<CommandGroup> groups;
};

/// Reads a head by characters, not tokens: heads hold paths, patterns and bare words that are no tokens of a query.
/// Errors: SYNTAX where no command begins, UNCLOSED for strings and brackets, UNKNOWN_OPERATOR for an unknown verb.
Result<CommandHead> scan_command_head(std::string_view text, std::size_t begin);

/// Where the next command of a script begins: a line's first characters are a dot and a known verb, outside strings,
/// brackets and comments. The size of the text when there is none.
std::size_t next_command(std::string_view text, std::size_t begin);

/// Skips blanks and `//` comments.
std::size_t skip_blanks(std::string_view text, std::size_t begin);

}  // namespace wardian::kql::syntax
