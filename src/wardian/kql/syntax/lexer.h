#pragma once

#include <cstddef>
#include <string_view>

#include "wardian/kql/syntax/token.h"

namespace wardian::kql::syntax {

/// Cuts the text into tokens; blanks, `//` comments and lines that begin with `#` are left out. Linear in the text.
/// The text is at most kQueryTextBytesMax long. Reading starts at the byte `begin`; spans count from the text's start.
TokenList lex(std::string_view text, std::size_t begin = 0);

}  // namespace wardian::kql::syntax
